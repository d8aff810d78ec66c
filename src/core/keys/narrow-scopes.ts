/** What somebody may ask for. */
export interface Scopes {
  readonly residencies: readonly string[];
  readonly defaultResidency?: string | undefined;
  /** `*` is every model of the configuration. */
  readonly models: readonly string[];
}

const EVERY_MODEL = '*';

/**
 * What is left of a tenant's scopes for the holder of one of its keys: what both name. A default that the key does not
 * hold is no default: the caller must name a residency then. What is left may be nothing.
 */
export function narrowScopes(
  tenant: Scopes,
  key: {
    readonly residencies?: readonly string[] | undefined;
    readonly models?: readonly string[] | undefined;
  },
): Scopes {
  const residencies =
    key.residencies === undefined
      ? tenant.residencies
      : tenant.residencies.filter((name) => key.residencies?.includes(name) === true);
  const { defaultResidency } = tenant;
  const hasDefault = defaultResidency !== undefined && residencies.includes(defaultResidency);
  return {
    residencies,
    models: narrowModels(tenant.models, key.models),
    ...(hasDefault ? { defaultResidency } : {}),
  };
}

function narrowModels(tenant: readonly string[], key: readonly string[] | undefined): readonly string[] {
  if (key === undefined || key.includes(EVERY_MODEL)) return tenant;
  return tenant.includes(EVERY_MODEL) ? key : tenant.filter((name) => key.includes(name));
}
