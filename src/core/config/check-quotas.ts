import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** Quotas of accounts: of models that are asked for, in regions of the account, and enough for every gateway. */
export function checkQuotas({ accounts, models, gateways }: CheckableConfig): ConfigFindings {
  const known = new Set(Object.values(models).flatMap(({ candidates }) => candidates.map(({ id }) => id)));
  const errors = accounts.flatMap(({ id, regions, quotas = [] }, place) =>
    quotas.flatMap(
      ({ model, scope, regions: own = [], tokensPerMinute }, index): readonly ConfigFinding[] => {
        const path = `accounts[${place}].quotas[${index}]`;
        const unknown = known.has(model)
          ? []
          : [{ path: `${path}.model`, message: `${model} is no candidate of any model; leave it out` }];
        const elsewhere = own.flatMap((region, at) =>
          regions.includes(region)
            ? []
            : [
                {
                  path: `${path}.regions[${at}]`,
                  message: `${region} is not a region of account ${id}, which lists ${listText(regions)}`,
                },
              ],
        );
        const quota = { model, scope, regions: own.length === 0 ? regions : own };
        const twice = quotas.slice(0, index).some((before) => isSameQuota(before, quota))
          ? [
              {
                path,
                message: `${model} has a quota of the scope ${scope} there already; leave one of them out`,
              },
            ]
          : [];
        const message = `${tokensPerMinute} cannot be divided among the ${gateways.length} gateways; want ${gateways.length} or more`;
        const small = tokensPerMinute < gateways.length ? [{ path: `${path}.tokensPerMinute`, message }] : [];
        return [...unknown, ...elsewhere, ...twice, ...small];
      },
    ),
  );
  return { errors, warnings: [] };
}

interface CountedQuota {
  readonly model: string;
  readonly scope: string;
  /** @default - all of the account */
  readonly regions?: readonly string[] | undefined;
}

function isSameQuota(before: CountedQuota, quota: CountedQuota): boolean {
  if (before.model !== quota.model || before.scope !== quota.scope) return false;
  return before.regions?.some((region) => quota.regions?.includes(region)) ?? true;
}
