/**
 * Roles and users of IAM, as a configuration names them and as AWS reports who signed a request. Both are compared by
 * an identity letter for letter: AWS leaves a role's path out when it reports a session of it, and a role's name is
 * unique within its account whatever its path, so the path takes no part for roles; a user is reported with its path.
 *
 *     arn:aws:iam::111111111111:role/team/app               a configured role   ┐
 *     arn:aws:sts::111111111111:assumed-role/app/<session>  a session of it     ┴ aws:111111111111:role/app
 *     arn:aws:iam::111111111111:user/team/ci                a user, on both sides  aws:111111111111:user/team/ci
 */

/** Who signed a request, as the front door verified it. Never taken from a header or a body. */
export interface FrontDoorPrincipal {
  /** As the front door reports it beside the ARN; undefined where it does not. */
  readonly account: string | undefined;
  readonly arn: string;
}

/** The letters that IAM allows in names; no wildcard and no slash is among them. */
const NAME = '[A-Za-z0-9_+=,.@-]+';
/** Visible ASCII between slashes, as IAM's paths may be, but for wildcards. */
const PATH = '(?:[!-)+-.0->@-~]+/)*';
const granted = new RegExp(`^arn:(aws(?:-[a-z]+)*):iam::([0-9]{12}):(role|user)/(${PATH})(${NAME})$`);
const session = new RegExp(`^arn:(aws(?:-[a-z]+)*):sts::([0-9]{12}):assumed-role/(${NAME})/${NAME}$`);
const ARN_CHARACTERS_MAX = 1024;

/** What a configured role or user is compared by; undefined for anything else, wildcards included. */
export function identityOfGrant(arn: string): string | undefined {
  if (arn.length > ARN_CHARACTERS_MAX) return undefined;
  const [, partition, account, kind, path = '', name] = granted.exec(arn) ?? [];
  if (partition === undefined) return undefined;
  return `${partition}:${account}:${kind}/${kind === 'role' ? '' : path}${name}`;
}

/**
 * What a caller is compared by: a session by its role, a user by itself. Undefined for whoever can be granted nothing
 * (the root of an account, a federated user) and where the account beside the ARN is missing or another one.
 */
export function identityOfCaller({ account, arn }: FrontDoorPrincipal): string | undefined {
  if (arn.length > ARN_CHARACTERS_MAX || arn.split(':')[4] !== account) return undefined;
  const [, partition, owner, role] = session.exec(arn) ?? [];
  if (partition !== undefined) return `${partition}:${owner}:role/${role}`;
  const identity = identityOfGrant(arn);
  // AWS reports sessions of a role, never the role itself.
  return identity?.includes(':user/') === true ? identity : undefined;
}
