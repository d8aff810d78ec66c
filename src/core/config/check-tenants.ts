import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** The wildcard for all models. */
const EVERY_MODEL = '*';

/** Tenants: residencies and models that exist, and keys of which each opens one tenant only. */
export function checkTenants(config: CheckableConfig): ConfigFindings {
  const residencies = Object.keys(config.residencies);
  const models = Object.keys(config.models);
  const unknown = Object.entries(config.tenants).flatMap(([name, tenant]) => [
    ...notAmong(tenant.residencies, residencies, `tenants.${name}.residencies`, 'residency'),
    ...notAmong(tenant.models, [...models, EVERY_MODEL], `tenants.${name}.models`, 'model'),
    ...defaultErrors(name, tenant),
  ]);
  return { errors: [...unknown, ...sharedKeys(config)], warnings: [] };
}

function notAmong(
  values: readonly string[],
  known: readonly string[],
  path: string,
  kind: string,
): readonly ConfigFinding[] {
  return values.flatMap((value, index) => {
    if (known.includes(value)) return [];
    return [
      { path: `${path}[${index}]`, message: `there is no ${kind} "${value}"; there are ${listText(known)}` },
    ];
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
