import { AccountPrincipal, type Conditions, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Statements that let roles and users call, one for each of their accounts. A caller of another account needs this side
 * and its own account's. By condition, not as principals of the policy: a role need not exist yet, and one that is made
 * again under its name is let in again.
 *
 * @param allowed.sid begins each statement's id; the account follows
 */
export function callerStatements(
  arns: readonly string[],
  allowed: {
    readonly sid: string;
    readonly action: string;
    readonly resource: string;
    readonly conditions?: Conditions;
  },
): readonly PolicyStatement[] {
  const accounts = [...new Set(arns.map(accountOf))].sort();
  return accounts.map(
    (account) =>
      new PolicyStatement({
        sid: `${allowed.sid}${account}`,
        principals: [new AccountPrincipal(account)],
        actions: [allowed.action],
        resources: [allowed.resource],
        conditions: {
          ...allowed.conditions,
          ArnEquals: {
            'aws:PrincipalArn': [...new Set(arns.filter((arn) => accountOf(arn) === account))].sort(),
          },
        },
      }),
  );
}

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
