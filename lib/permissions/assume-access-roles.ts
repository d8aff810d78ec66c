import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SpillwayConfig } from '#contract/config.ts';
import { accessRoleArn } from '#contract/resources.ts';

/** Lets a function become what it may be in other accounts. In its own account it calls as itself. */
export function assumeAccessRoles(grantee: IGrantable, config: SpillwayConfig, ownAccount: string): void {
  const resources = config.accounts
    .filter(({ id }) => id !== ownAccount)
    .map(({ id }) => accessRoleArn(config.name, id));
  if (resources.length === 0) return;
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ sid: 'BecomeAccessRoles', actions: ['sts:AssumeRole'], resources }),
  );
}
