/** What nobody may do in the example deployment, and what it would do to whom. */
import type { CallFacts } from '#test/builders/call-uses.ts';
import {
  access,
  adminOfEu,
  discoverHome,
  discoverIreland,
  frankfurt,
  plan,
  type RefusedCall,
  refuse,
  roleIn,
  stranger,
  us,
} from '#test/builders/refusal.ts';
import { refusedOnAudit } from '#test/builders/refused-on-audit.ts';
import { refusedOnFiles } from '#test/builders/refused-on-files.ts';
import { refusedOnModels } from '#test/builders/refused-on-models.ts';
import { refusedOnPipeline } from '#test/builders/refused-on-pipeline.ts';
import { refusedOnTables } from '#test/builders/refused-on-tables.ts';

const become = (account: string, externalId?: string): CallFacts => ({
  action: 'sts:AssumeRole',
  resource: access(account),
  ...(externalId === undefined ? {} : { context: { 'sts:ExternalId': externalId } }),
});
const ours = 'spillway-acme';

const confusedDeputies: readonly RefusedCall[] = [
  refuse('a call in another deployment’s name', frankfurt, become('111111111111', 'spillway-beta')),
  refuse('a call that says in nobody’s name', frankfurt, become('111111111111')),
  refuse('a caller of another organization', frankfurt, become('111111111111', ours), 'o-elsewhere00'),
  refuse('a caller of no organization', frankfurt, become('111111111111', ours), ''),
  refuse('a role of the same name in a stranger’s account', stranger, become('111111111111', ours)),
  refuse('an administrator of a gateway’s account', adminOfEu, become('111111111111', ours)),
  refuse(
    'another deployment’s gateway in the same account',
    roleIn('222222222222', 'beta-gateway-eu-central-1'),
    become('111111111111', ours),
  ),
  refuse(
    'a role whose name only begins like a gateway’s',
    roleIn('222222222222', 'acme-gateway-eu-central-1-x'),
    become('111111111111', ours),
  ),
  refuse('discovery that calls models', discoverIreland, become('111111111111', ours)),
  refuse('plan that calls models', plan, become('222222222222', ours)),
  refuse('a gateway in another account’s administrator', frankfurt, {
    action: 'sts:AssumeRole',
    resource: roleIn('111111111111', 'admin'),
  }),
  refuse('a gateway in another gateway’s role', frankfurt, { action: 'sts:AssumeRole', resource: us }),
  refuse('an administrator in a gateway’s role', adminOfEu, { action: 'sts:AssumeRole', resource: us }),
];

const here = (region: string) => ({ 'aws:RequestedRegion': region });

const platform: readonly RefusedCall[] = [
  refuse('another region’s catalogue', discoverIreland, {
    action: 'bedrock:ListFoundationModels',
    resource: '*',
    context: here('eu-central-1'),
  }),
  refuse('another region’s quotas', discoverIreland, {
    action: 'servicequotas:ListServiceQuotas',
    resource: '*',
    context: here('us-east-1'),
  }),
  refuse('quotas changed', discoverIreland, {
    action: 'servicequotas:RequestServiceQuotaIncrease',
    resource: 'arn:aws:servicequotas:eu-west-1:222222222222:bedrock/L-00000000',
  }),
  refuse('somebody else’s metrics', discoverHome, {
    action: 'cloudwatch:PutMetricData',
    resource: '*',
    context: { 'cloudwatch:namespace': 'AWS/Lambda' },
  }),
  refuse('the pepper of keys read at run time', us, {
    action: 'secretsmanager:GetSecretValue',
    resource: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:acme/key-pepper-AbCdEf',
  }),
  refuse('new code', us, {
    action: 'lambda:UpdateFunctionCode',
    resource: 'arn:aws:lambda:us-east-1:111111111111:function:acme-gateway',
  }),
  refuse('a role handed on', us, { action: 'iam:PassRole', resource: plan }),
  refuse('permissions of its own making', plan, { action: 'iam:PutRolePolicy', resource: plan }),
  refuse('another function’s log', discoverHome, {
    action: 'logs:PutLogEvents',
    resource: 'arn:aws:logs:us-east-1:111111111111:log-group:/spillway/acme-gateway:log-stream:some',
  }),
  refuse('a log that goes', us, {
    action: 'logs:DeleteLogGroup',
    resource: 'arn:aws:logs:us-east-1:111111111111:log-group:/spillway/acme-gateway',
  }),
];

/** Under the example's residencies, one of which has no bound. */
export const refusedCalls = (
  keyIn: (region: string) => string,
  artifactBucket: string,
): readonly RefusedCall[] => [
  ...confusedDeputies,
  ...refusedOnTables,
  ...refusedOnFiles(keyIn),
  ...refusedOnAudit,
  ...refusedOnModels,
  ...refusedOnPipeline(artifactBucket),
  ...platform,
];
