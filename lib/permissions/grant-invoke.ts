import { Validations } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { type InvokeStatementsOptions, invokeStatements } from './invoke-statements.ts';

/** IAM holds 10,240 characters in a role itself; a gateway's other permissions take up to 6,000 of them. */
const INLINE_CHARACTERS_MAX = 4_000;

/** A managed policy holds 6,144 characters; what is left is for the document around the statements. */
const MANAGED_CHARACTERS_MAX = 6_000;

/** IAM's default quota of managed policies on one role (L-0DA4ABF3); it can be raised to 20. */
const MANAGED_POLICIES_MAX = 10;

/**
 * Lets a role call an account's models: in the role itself while there is room, else in managed policies. Says at synth
 * when IAM's default quota will not take them all.
 */
export function grantInvoke(role: Role, options: InvokeStatementsOptions): void {
  const statements = invokeStatements(options);
  if (charactersOf(statements) <= INLINE_CHARACTERS_MAX) {
    for (const statement of statements) role.addToPolicy(statement);
    return;
  }
  const policies = packed(statements);
  policies.forEach((part, index) => {
    const description = `Models that may be called, part ${index + 1} of ${policies.length}`;
    const policy = new ManagedPolicy(role, `Models${index + 1}`, { description, statements: [...part] });
    role.addManagedPolicy(policy);
  });
  if (policies.length <= MANAGED_POLICIES_MAX) return;
  Validations.of(role).addWarning(
    'spillway:managed-policies',
    `needs ${policies.length} managed policies, IAM takes ${MANAGED_POLICIES_MAX} on a role by default: ` +
      'ask for 20 (quota L-0DA4ABF3), or spread the regions over accounts',
  );
}

/** In order, each policy as full as it may be. */
function packed(statements: readonly PolicyStatement[]): readonly (readonly PolicyStatement[])[] {
  const policies: PolicyStatement[][] = [[]];
  for (const statement of statements) {
    const last = policies.at(-1) ?? [];
    if (last.length === 0 || charactersOf([...last, statement]) <= MANAGED_CHARACTERS_MAX)
      last.push(statement);
    else policies.push([statement]);
  }
  return policies;
}

function charactersOf(statements: readonly PolicyStatement[]): number {
  return JSON.stringify(statements.map((statement) => statement.toJSON())).length;
}
