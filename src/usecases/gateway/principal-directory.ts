import type { Scopes } from '#core/keys/narrow-scopes.ts';
import { identityOfCaller, identityOfGrant } from '#core/keys/principal.ts';
import type { Tenant, TenantDirectory } from '../ports/tenant-directory.ts';

/** One IAM role or user that is a tenant. */
export interface PrincipalTrust {
  readonly tenant: string;
  readonly scopes: Scopes;
  readonly arn: string;
}

/** Who calls, by who signed the request. One that two tenants claim is neither: the configuration refuses that too. */
export function createPrincipalDirectory(
  trusts: readonly PrincipalTrust[],
): NonNullable<TenantDirectory['identifyPrincipal']> {
  const byIdentity = new Map<string, Tenant | 'unknown'>();
  for (const { arn, tenant, scopes } of trusts) {
    const identity = identityOfGrant(arn);
    if (identity === undefined) continue;
    const known = byIdentity.get(identity);
    const isShared = known !== undefined && (known === 'unknown' || known.name !== tenant);
    const credential = { kind: 'principal', arn } as const;
    byIdentity.set(identity, isShared ? 'unknown' : { ...scopes, name: tenant, credential });
  }
  return (principal) => {
    const identity = identityOfCaller(principal);
    return (identity === undefined ? undefined : byIdentity.get(identity)) ?? 'unknown';
  };
}
