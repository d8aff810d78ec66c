import { identityOfGrant } from '../keys/principal.ts';
import type { CheckableConfig, ConfigFinding, ConfigFindings } from './config-findings.ts';

interface Claim {
  readonly path: string;
  readonly tenant: string;
  readonly arn: string;
}

/** Principals of IAM: each is one tenant, or an operator, or nobody; and the front door must ask for them. */
export function checkPrincipals(config: CheckableConfig): ConfigFindings {
  const claims = Object.entries(config.tenants).flatMap(([tenant, { principals = [] }]) =>
    principals.map((arn, index) => ({ path: `tenants.${tenant}.principals[${index}]`, tenant, arn })),
  );
  const operators = config.operators.principals.map((_, index) => `operators.principals[${index}]`);
  const paths = [...claims.map(({ path }) => path), ...operators];
  const idle = config.frontDoor.authorization === 'iam' ? [] : paths;
  const message =
    'opens nothing while frontDoor.authorization is "keys": nobody verifies who signed a request';
  return { errors: sharedPrincipals(claims), warnings: idle.map((path) => ({ path, message })) };
}

/** Roles of one account that differ by their path alone are one name to AWS, which reports sessions without it. */
function sharedPrincipals(claims: readonly Claim[]): readonly ConfigFinding[] {
  const owners = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const identity = identityOfGrant(claim.arn) ?? claim.arn;
    const owner = owners.get(identity);
    if (owner === undefined) owners.set(identity, claim);
    if (owner === undefined || owner.tenant === claim.tenant) return [];
    const message = `"${claim.arn}" is what ${owner.path} ("${owner.arn}") names already; a principal is one tenant`;
    return [{ path: claim.path, message }];
  });
}
