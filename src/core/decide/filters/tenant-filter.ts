import type { Filter } from '../decision.ts';

/** Scopes that the tenant may use. That it may use the model was settled before the body was read. */
export const tenantFilter: Filter = {
  name: 'tenant',
  isIdle: ({ tenantScopes }) => tenantScopes === undefined,
  judge: ({ target }, { tenantScopes }) =>
    tenantScopes === undefined || tenantScopes.includes(target.scope) ? undefined : 'tenant-forbidden',
};
