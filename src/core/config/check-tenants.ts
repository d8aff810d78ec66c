import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** The wildcard for all models. */
const EVERY_MODEL = '*';

/** Tenants: residencies and models that exist, and keys and tokens of which each opens one tenant only. */
export function checkTenants(config: CheckableConfig): ConfigFindings {
  const residencies = Object.keys(config.residencies);
  const models = Object.keys(config.models);
  const unknown = Object.entries(config.tenants).flatMap(([name, tenant]) => [
    ...unknownNames({
      names: tenant.residencies,
      known: residencies,
      kind: 'residency',
      path: `tenants.${name}.residencies`,
    }),
    ...unknownNames({
      names: tenant.models,
      known: [...models, EVERY_MODEL],
      kind: 'model',
      path: `tenants.${name}.models`,
    }),
    ...defaultErrors(name, tenant),
  ]);
  return { errors: [...unknown, ...sharedKeys(config), ...sharedTokens(config)], warnings: [] };
}

function unknownNames(list: {
  readonly names: readonly string[];
  readonly known: readonly string[];
  readonly kind: string;
  readonly path: string;
}): readonly ConfigFinding[] {
  const { names, known, kind, path } = list;
  return names.flatMap((name, index) => {
    if (known.includes(name)) return [];
    const message = `there is no ${kind} "${name}"; there are ${listText(known)}`;
    return [{ path: `${path}[${index}]`, message }];
  });
}

function defaultErrors(
  name: string,
  tenant: { readonly residencies: readonly string[]; readonly defaultResidency?: string | undefined },
): readonly ConfigFinding[] {
  const { defaultResidency, residencies } = tenant;
  if (defaultResidency === undefined || residencies.includes(defaultResidency)) return [];
  const message = `"${defaultResidency}" is not among the tenant's residencies, ${listText(residencies)}`;
  return [{ path: `tenants.${name}.defaultResidency`, message }];
}

/** Keys are secrets: a message names the tenants, never the key. */
function sharedKeys({ tenants }: CheckableConfig): readonly ConfigFinding[] {
  const owners = new Map<string, string>();
  return Object.entries(tenants).flatMap(([name, tenant]) =>
    tenant.keys.flatMap((key, index) => {
      const owner = owners.get(key);
      owners.set(key, owner ?? name);
      if (owner === undefined) return [];
      return [
        {
          path: `tenants.${name}.keys[${index}]`,
          message: `is a key of tenant "${owner}" already; a key opens one tenant`,
        },
      ];
    }),
  );
}

/** Tokens that would open two tenants open none: told here where it is certain, refused by the gateway elsewhere. */
function sharedTokens({ tenants }: CheckableConfig): readonly ConfigFinding[] {
  const owners = new Map<string, string>();
  return Object.entries(tenants).flatMap(([name, { tokens = [] }]) =>
    tokens.flatMap(({ issuer, audience, claims }, index) => {
      const sorted = Object.entries(claims).sort(([left], [right]) => (left < right ? -1 : 1));
      const identity = JSON.stringify([issuer, audience, sorted]);
      const owner = owners.get(identity) ?? name;
      owners.set(identity, owner);
      if (owner === name) return [];
      const message = `is what tenant "${owner}" trusts already; tokens open one tenant: tell them apart by audience or claims`;
      return [{ path: `tenants.${name}.tokens[${index}]`, message }];
    }),
  );
}
