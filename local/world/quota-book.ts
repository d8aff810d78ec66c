import { destinationOf } from './arn.ts';
import { EVERYWHERE } from './facts.ts';
import type { ModelCatalogue } from './model-catalogue.ts';
import { OverrideStore } from './override-store.ts';
import { overrideKey } from './overrides.ts';
import type { ProfileCatalogue } from './profile-catalogue.ts';

/** What a quota is counted over: plain model ids, geographic profiles, `global.` profiles. */
export type QuotaScope = 'on-demand' | 'cross-region' | 'global';

/** What an account may take of a model in a region and scope. */
export interface QuotaValues {
  readonly tokensPerMinute?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerDay?: number;
}

/** What a control request says of the quotas of one model, for one account or for all of them. */
export interface QuotaOverride extends QuotaValues {
  readonly region: string;
  readonly account?: string;
  /** A base model id. */
  readonly modelId: string;
  readonly scope: QuotaScope;
}

/** The quotas of one model in one scope, as Service Quotas lists them. */
export interface QuotaState {
  readonly provider: string;
  readonly name: string;
  readonly modelId: string;
  readonly scope: QuotaScope;
  readonly values: QuotaValues;
}

/** Here all models have the same: more than AWS gives a new account, so that load tests of a laptop meet them only where they ask to. */
const VALUES_DEFAULT: Readonly<Record<QuotaScope, QuotaValues>> = {
  'on-demand': { tokensPerMinute: 200_000_000, requestsPerMinute: 200 },
  'cross-region': { tokensPerMinute: 400_000_000, requestsPerMinute: 400 },
  global: { tokensPerMinute: 6_000_000_000, requestsPerMinute: 10_000 },
};

/** How much each account may take of each model, in each region and scope. */
export class QuotaBook {
  readonly overrides = new OverrideStore<QuotaOverride>(({ region, account, scope, modelId }) =>
    keyOf({ region, account, scope, modelId }),
  );
  readonly #models: ModelCatalogue;
  readonly #profiles: ProfileCatalogue;

  constructor(models: ModelCatalogue, profiles: ProfileCatalogue) {
    this.#models = models;
    this.#profiles = profiles;
  }

  values(place: {
    readonly account: string;
    readonly region: string;
    readonly scope: QuotaScope;
    readonly modelId: string;
  }): QuotaValues {
    const general = this.overrides.get(keyOf({ ...place, account: undefined }));
    const own = this.overrides.get(keyOf(place));
    return { ...VALUES_DEFAULT[place.scope], ...valuesOf(general), ...valuesOf(own) };
  }

  /** Every model and scope that the region offers the account, sorted by model. */
  listed(account: string, region: string): readonly QuotaState[] {
    const profiled = new Map<string, Set<QuotaScope>>();
    for (const { modelId, modelArns } of this.#profiles.listed(account, region)) {
      const scope = modelArns.map(destinationOf).includes(EVERYWHERE) ? 'global' : 'cross-region';
      profiled.set(modelId, (profiled.get(modelId) ?? new Set()).add(scope));
    }
    return this.#models.listed(account, region).flatMap(({ fact, inferenceTypes }) => {
      const { modelId, provider, name } = fact;
      const scopes: QuotaScope[] = inferenceTypes.includes('ON_DEMAND') ? ['on-demand'] : [];
      scopes.push(...[...(profiled.get(modelId) ?? [])].sort());
      return scopes.map((scope) => ({
        provider,
        name,
        modelId,
        scope,
        values: this.values({ account, region, scope, modelId }),
      }));
    });
  }
}

function valuesOf(override: QuotaOverride | undefined): QuotaValues {
  const { region: _region, account: _account, modelId: _modelId, scope: _scope, ...values } = override ?? {};
  return values;
}

function keyOf({
  region,
  account,
  scope,
  modelId,
}: Pick<QuotaOverride, 'region' | 'scope' | 'modelId'> & { readonly account: string | undefined }): string {
  return `${overrideKey(region, account, modelId)}|${scope}`;
}
