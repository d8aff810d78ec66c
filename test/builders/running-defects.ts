/** Defects that a deployment takes, because AWS would: they show when the fleet runs. */
import {
  changing,
  type StatementJson,
  type TemplateChange,
  tableStatements,
  withoutAction,
} from './template-changes.ts';

/**
 * What is done with the fleet while the defect is in it: schedules fire for a minute, a gateway in a new execution environment
 * is asked, or verify's role becomes the access role of the other account, as verify does when a target there is due. For the
 * audit trail the gateway is asked, its record is looked for, and the command line proves the chain.
 */
export type Exercise = 'minute' | 'gateway' | 'access' | 'audit';

export interface RunningDefect {
  readonly what: string;
  readonly stack: string;
  readonly change: TemplateChange;
  readonly exercise: Exercise;
  /** Part of one of the problems that the fleet then has. */
  readonly says: string;
}

const state = 'State-us-east-1';
const access = 'Access-222222222222';
const discovery = 'Discovery-222222222222-eu-west-1';
const gateway = 'Gateway-eu-central-1';
const discoverRole = 'arn:aws:iam::222222222222:role/acme-discover-eu-west-1';
const discoverFunction = 'arn:aws:lambda:eu-west-1:222222222222:function:acme-discover';
const gatewayRole = 'arn:aws:iam::222222222222:role/acme-gateway-eu-central-1';
const sealerRole = 'arn:aws:iam::222222222222:role/acme-audit-eu-central-1';
const trailBucket = 'arn:aws:s3:::acme-audit-222222222222-eu-central-1';
const observations = 'arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations';

const inDiscovery = (what: string, change: TemplateChange, says: string): RunningDefect => ({
  what,
  stack: discovery,
  change,
  exercise: 'minute',
  says,
});
const inGateway = (what: string, change: TemplateChange, says: string): RunningDefect => ({
  what,
  stack: gateway,
  change,
  exercise: 'gateway',
  says,
});
const inTrail = (what: string, change: TemplateChange, says: string): RunningDefect => ({
  what,
  stack: gateway,
  change,
  exercise: 'audit',
  says,
});
const inState = (what: string, change: TemplateChange, on: Pick<RunningDefect, 'exercise' | 'says'>) => ({
  what,
  stack: state,
  change,
  ...on,
});

const variables = (change: (variables: Record<string, string>) => void): TemplateChange =>
  changing('AWS::Lambda::Function', 'Discover', ({ Properties }) => change(Properties.Environment.Variables));
const table = (idPart: string, change: Parameters<typeof changing>[2]): TemplateChange =>
  changing('AWS::DynamoDB::GlobalTable', idPart, change);

function withoutStatement(statements: StatementJson[], sidPart: string): void {
  const at = statements.findIndex(({ Sid }) => Sid?.includes(sidPart));
  if (at < 0) throw new Error(`no statement ${sidPart} among ${statements.map(({ Sid }) => Sid)}`);
  statements.splice(at, 1);
}

export const runningDefects: readonly RunningDefect[] = [
  inDiscovery(
    'discovery that may not list models',
    withoutAction('bedrock:ListFoundationModels'),
    `${discoverRole} may not bedrock:ListFoundationModels on *`,
  ),
  inDiscovery(
    'discovery that may not read what it wrote',
    withoutAction('dynamodb:Query'),
    `${discoverRole} may not dynamodb:Query on ${observations}`,
  ),
  inDiscovery(
    'discovery that may not tell its metrics',
    withoutAction('cloudwatch:PutMetricData'),
    `${discoverRole} may not cloudwatch:PutMetricData`,
  ),
  inDiscovery(
    'discovery that thinks to be another account',
    variables((given) => {
      given.SPILLWAY_ACCOUNT = '111111111111';
    }),
    `${discoverRole} may not dynamodb:`,
  ),
  inDiscovery(
    'a variable that names no configuration',
    variables((given) => {
      given.SPILLWAY_CONFIG = 'spillway.config.ts';
    }),
    'SPILLWAY_CONFIG: cannot be read',
  ),
  inDiscovery(
    'a handler that the bundle does not export',
    changing('AWS::Lambda::Function', 'Discover', ({ Properties }) => {
      Properties.Handler = 'index.handle';
    }),
    `${discoverFunction} fails: {"errorType":"Runtime.HandlerNotFound"`,
  ),
  inDiscovery(
    'a schedule for once a day',
    changing('AWS::Scheduler::Schedule', '', ({ Properties }) => {
      Properties.ScheduleExpression = 'cron(0 0 * * ? *)';
    }),
    'schedule/default/acme-discover has not fired',
  ),
  inDiscovery(
    'a schedule that is switched off',
    changing('AWS::Scheduler::Schedule', '', ({ Properties }) => {
      Properties.State = 'DISABLED';
    }),
    'schedule/default/acme-discover has not fired',
  ),
  inDiscovery(
    'keys of another region in the policy',
    changing('AWS::IAM::Policy', 'DiscoverRole', ({ Properties }) => {
      for (const { Condition } of Properties.PolicyDocument.Statement as StatementJson[]) {
        const keys = Condition?.['ForAllValues:StringEquals'];
        if (keys !== undefined) keys['dynamodb:LeadingKeys'] = ['222222222222#eu-west-2'];
      }
    }),
    `${discoverRole} may not dynamodb:`,
  ),
  inState(
    'a table that lets no other account in',
    table('Observations', ({ Properties }) => {
      for (const replica of Properties.Replicas) delete replica.ResourcePolicy;
    }),
    { exercise: 'minute', says: `${discoverRole} may not dynamodb:` },
  ),
  inState(
    'a key whose policy leaves discovery out',
    changing('AWS::KMS::Key', 'StateKey', ({ Properties }) =>
      withoutStatement(Properties.KeyPolicy.Statement, 'DiscoveryWritesObservations'),
    ),
    {
      exercise: 'minute',
      says: `${discoverRole} may not kms:Decrypt on arn:aws:kms:us-east-1:111111111111:key/`,
    },
  ),
  inState(
    'a gateway region without a replica of the routes',
    table('Routes', ({ Properties }) => {
      const { Replicas } = Properties;
      const at = Replicas.findIndex(({ Region }: { Region: string }) => Region === 'eu-central-1');
      Replicas.splice(at, 1);
    }),
    {
      exercise: 'gateway',
      // Of a table of another account AWS does not even say that it is missing.
      says: `${gatewayRole} may not dynamodb:Query on arn:aws:dynamodb:eu-central-1:111111111111:table/acme-routes`,
    },
  ),
  inState(
    'a replica whose policy forgets the gateway',
    table('Tenants', (resource) => {
      const [{ Condition }] = tableStatements(resource, 'eu-central-1') as [StatementJson];
      const arns = Condition?.ArnEquals;
      if (arns === undefined) throw new Error('the policy compares no role');
      arns['aws:PrincipalArn'] = 'arn:aws:iam::222222222222:role/acme-gateway-eu-west-1';
    }),
    { exercise: 'gateway', says: `${gatewayRole} may not dynamodb:Scan` },
  ),
  inGateway(
    'a gateway that may not call models as a stream',
    withoutAction('bedrock:InvokeModelWithResponseStream'),
    `${gatewayRole} may not bedrock:InvokeModelWithResponseStream`,
  ),
  inGateway(
    'a gateway that may not use its ledger',
    withoutAction('dynamodb:UpdateItem'),
    `${gatewayRole} may not dynamodb:UpdateItem`,
  ),
  inGateway(
    'a function that API Gateway may not call',
    (template) => {
      const all = Object.entries(template.Resources).filter(
        ([, { Type }]) => Type === 'AWS::Lambda::Permission',
      );
      if (all.length === 0) throw new Error('there is no permission to take away');
      for (const [logicalId] of all) delete template.Resources[logicalId];
    },
    'apigateway.amazonaws.com may not lambda:InvokeFunction on arn:aws:lambda:eu-central-1:222222222222:function:acme-gateway',
  ),
  inGateway(
    'a pepper that is too short',
    changing('AWS::Lambda::Function', 'GatewayFunction', ({ Properties }) => {
      Properties.Environment.Variables.SPILLWAY_KEY_PEPPER = 'salt';
    }),
    'Gateway-eu-central-1 answers 500',
  ),
  {
    what: 'an access role that does not trust verify',
    stack: access,
    change: changing('AWS::IAM::Role', 'AccessRole', ({ Properties }) => {
      const [{ Condition }] = Properties.AssumeRolePolicyDocument.Statement;
      Condition.ArnEquals['aws:PrincipalArn'] = ['arn:aws:iam::111111111111:role/acme-gateway-us-east-1'];
    }),
    exercise: 'access',
    says: 'arn:aws:iam::111111111111:role/acme-verify-us-east-1 may not sts:AssumeRole on arn:aws:iam::222222222222:role/acme-gateway-access',
  },
  {
    what: 'an access role with another external id',
    stack: access,
    change: changing('AWS::IAM::Role', 'AccessRole', ({ Properties }) => {
      const [{ Condition }] = Properties.AssumeRolePolicyDocument.Statement;
      Condition.StringEquals['sts:ExternalId'] = 'spillway-acne';
    }),
    exercise: 'access',
    says: 'arn:aws:iam::111111111111:role/acme-verify-us-east-1 may not sts:AssumeRole on arn:aws:iam::222222222222:role/acme-gateway-access',
  },
  inTrail(
    'a sealer that may not write segments',
    withoutAction('s3:PutObject', 'SealerRole'),
    `${sealerRole} may not s3:PutObject on ${trailBucket}/segments/`,
  ),
  inTrail(
    'a sealer that may not move the head',
    withoutAction('dynamodb:PutItem', 'SealerRole'),
    `${sealerRole} may not dynamodb:PutItem on arn:aws:dynamodb:eu-central-1:222222222222:table/acme-audit`,
  ),
  inTrail(
    'a key of segments that nobody may use',
    changing('AWS::KMS::Key', 'AuditTrailKey', ({ Properties }) =>
      withoutStatement(Properties.KeyPolicy.Statement, 'UseByPolicies'),
    ),
    `${sealerRole} may not kms:GenerateDataKey on arn:aws:kms:eu-central-1:222222222222:key/`,
  ),
  inTrail(
    'a bucket that lets another sealer write',
    changing('AWS::S3::BucketPolicy', 'AuditTrail', ({ Properties }) => {
      const statement = (Properties.PolicyDocument.Statement as StatementJson[]).find(
        ({ Sid }) => Sid === 'SealersWriteAlone',
      );
      if (statement === undefined) throw new Error('the bucket has no statement SealersWriteAlone');
      statement.Condition = {
        ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/acme-audit-eu-west-1' },
      };
    }),
    `${sealerRole} may not s3:PutObject on ${trailBucket}/segments/`,
  ),
  inTrail(
    'a bucket that locks in the wrong mode',
    changing('AWS::S3::Bucket', 'AuditTrail', ({ Properties }) => {
      Properties.ObjectLockConfiguration.Rule.DefaultRetention.Mode = 'COMPLIANCE';
    }),
    'its record is locked by COMPLIANCE',
  ),
  inTrail(
    'a bucket that locks nothing',
    changing('AWS::S3::Bucket', 'AuditTrail', ({ Properties }) => {
      delete Properties.ObjectLockConfiguration.Rule;
    }),
    'lock-missing',
  ),
  inTrail(
    'a gateway that may not hand records over',
    (template) => {
      const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy');
      const statement = policies
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as StatementJson[])
        .find(({ Sid }) => Sid === 'HandOverAuditRecords');
      if (statement === undefined) throw new Error('no policy has a statement HandOverAuditRecords');
      statement.Action = 'sqs:GetQueueUrl';
    },
    `${gatewayRole} may not sqs:SendMessage on arn:aws:sqs:eu-central-1:222222222222:acme-audit`,
  ),
];
