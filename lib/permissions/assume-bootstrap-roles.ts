import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { sizedStatements } from './sized-statements.ts';

/**
 * Roles of `npx cdk bootstrap` that `npx cdk deploy` of a finished assembly needs, and that alarms and tables are read under.
 * None of them is the one that CloudFormation makes resources with: it trusts CloudFormation alone.
 */
const KINDS = ['deploy-role', 'file-publishing-role', 'lookup-role'] as const;

/** Lets somebody deploy into the accounts of a configuration, as far as each of them trusts the home account. */
export function assumeBootstrapRoles(
  grantee: IGrantable & IConstruct,
  { accounts, home }: Pick<SpillwayConfig, 'accounts' | 'home'>,
  qualifier: string,
): void {
  const ids = [...new Set([home.account, ...accounts.map(({ id }) => id)])].sort();
  const resources = ids.flatMap((id) =>
    KINDS.map((kind) => `arn:aws:iam::${id}:role/cdk-${qualifier}-${kind}-${id}-*`),
  );
  const statements = sizedStatements({
    sid: 'BecomeBootstrapRoles',
    actions: ['sts:AssumeRole'],
    resources,
  });
  for (const statement of statements) grantee.grantPrincipal.addToPrincipalPolicy(statement);
  const reason =
    'The account and the role are named; what is left open is the region, of which every one would need more than a role holds.';
  acknowledge(
    grantee,
    Object.fromEntries(resources.map((arn) => [`AwsSolutions-IAM5[Resource::${arn}]`, reason])),
  );
}
