/** What is made once per region (or once, at home) and carries a name that other accounts' policies spell out. */
export type FunctionKind = 'discover' | 'verify' | 'plan' | 'gateway' | 'dispatch' | 'web' | 'audit';

/** IAM's limit for a role's name. */
const ROLE_NAME_LENGTH_MAX = 64;

/** One function per kind in an account and region. */
export const functionName = (deployment: string, kind: FunctionKind): string => `${deployment}-${kind}`;

/**
 * The role of a function. Roles are global in an account, so the region is in the name.
 *
 * @throws RangeError when the deployment's name leaves no room for the region's.
 */
export function functionRoleName(options: {
  readonly deployment: string;
  readonly kind: FunctionKind;
  readonly region: string;
}): string {
  const name = `${options.deployment}-${options.kind}-${options.region}`;
  if (name.length <= ROLE_NAME_LENGTH_MAX) return name;
  throw new RangeError(
    `role name ${name} has ${name.length} characters, IAM takes ${ROLE_NAME_LENGTH_MAX}: shorten the deployment's name`,
  );
}

export function functionRoleArn(options: {
  readonly deployment: string;
  readonly kind: FunctionKind;
  readonly account: string;
  readonly region: string;
}): string {
  return `arn:aws:iam::${options.account}:role/${functionRoleName(options)}`;
}

/** Under which all log groups of ours lie. */
export const logGroupPrefix = '/spillway/';

/** The log group of a function or front door. */
export const logGroupName = (physicalName: string): string => `${logGroupPrefix}${physicalName}`;
