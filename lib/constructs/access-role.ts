import { PrincipalBase, PrincipalPolicyFragment, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { accessExternalId, accessRoleName } from '#contract/resources.ts';
import type { Place } from '../places.ts';

export interface AccessCaller extends Pick<Place, 'account'> {
  /** Need not exist yet: it is compared when somebody calls, not when the role is made. */
  readonly roleArn: string;
}

export interface AccessRoleProps {
  readonly deployment: string;
  /** Who may assume the role, and nobody else. */
  readonly callers: readonly AccessCaller[];
  /**
   * The organization that the callers must belong to, `o-…`.
   * @default - not asked for
   */
  readonly organizationId?: string;
}

/**
 * What gateways and verify become in an account to call its models. What they may then do is granted to `role`.
 *
 * Four locks: the caller's account, the caller's very role, the deployment's external id, and the organization where
 * one is given. The trust names accounts and compares roles, because a trust that names a role cannot be made before
 * that role, and breaks when the role is made anew.
 */
export class AccessRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: AccessRoleProps) {
    super(scope, id);
    const { deployment, callers, organizationId } = props;
    this.role = new Role(this, 'Role', {
      roleName: accessRoleName(deployment),
      description: `Lets the gateways of ${deployment} call the models of this account`,
      assumedBy: new Callers({ deployment, callers, organizationId }),
    });
  }
}

/** The trust as one statement: IAM holds a trust policy to 2,048 characters, and one for each account would repeat all. */
class Callers extends PrincipalBase {
  readonly policyFragment: PrincipalPolicyFragment;

  constructor(
    options: Pick<AccessRoleProps, 'deployment' | 'callers'> & {
      readonly organizationId: string | undefined;
    },
  ) {
    super();
    const { deployment, callers, organizationId } = options;
    const accounts = [...new Set(callers.map(({ account }) => account))].sort();
    this.policyFragment = new PrincipalPolicyFragment(
      { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
      {
        StringEquals: {
          'sts:ExternalId': accessExternalId(deployment),
          ...(organizationId === undefined ? {} : { 'aws:PrincipalOrgID': organizationId }),
        },
        ArnEquals: { 'aws:PrincipalArn': callers.map(({ roleArn }) => roleArn) },
      },
    );
  }

  dedupeString(): string {
    return `callers:${JSON.stringify(this.policyFragment.principalJson)}`;
  }
}
