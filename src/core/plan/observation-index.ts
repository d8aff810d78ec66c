/** Observations as plan looks them up: by target and by model, with the freshness of the region that reported them. */
import type { Observation, RegionObservations } from '../discovery/observation.ts';
import { quotaPoolOf } from '../target.ts';
import { type PlannedAccount, trafficRule } from './planned-model.ts';

export interface ObservationIndex {
  byId(target: string): Observation | undefined;
  byModel(modelId: string): readonly Observation[];
  /** False when the region never reported or its last report is older than the limit: then it says nothing. */
  isFresh(account: string, region: string): boolean;
  /** True when at least one region's report is fresh. */
  readonly anyFresh: boolean;
  /** Whether serverless targets of an account and region may stand in routes. */
  carriesTraffic(account: string, region: string): boolean;
  /** Tokens a minute of the target's quota pool: the least of what is configured and what was observed. */
  quotaTokensPerMinuteOf(target: Observation): number | undefined;
}

export function indexObservations(options: {
  readonly regions: readonly RegionObservations[];
  readonly accounts: readonly PlannedAccount[];
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ageMsMax: number;
}): ObservationIndex {
  const { regions, accounts, at, ageMsMax } = options;
  const byId = new Map<string, Observation>();
  const byModel = new Map<string, Observation[]>();
  const fresh = new Set<string>();
  for (const report of regions) {
    if (at - report.at <= ageMsMax) fresh.add(`${report.account}/${report.region}`);
    for (const observation of report.targets) {
      byId.set(observation.id, observation);
      const siblings = byModel.get(observation.modelId);
      if (siblings === undefined) byModel.set(observation.modelId, [observation]);
      else siblings.push(observation);
    }
  }
  return {
    byId: (target) => byId.get(target),
    byModel: (modelId) => byModel.get(modelId) ?? [],
    isFresh: (account, region) => fresh.has(`${account}/${region}`),
    anyFresh: fresh.size > 0,
    carriesTraffic: trafficRule(accounts),
    quotaTokensPerMinuteOf: quotaRule(accounts),
  };
}

function quotaRule(accounts: readonly PlannedAccount[]): ObservationIndex['quotaTokensPerMinuteOf'] {
  const configured = new Map<string, number>();
  for (const { id, regions, quotas = [] } of accounts) {
    for (const { model, scope, regions: own = regions, tokensPerMinute } of quotas)
      for (const region of own) {
        const pool = `${id}/${region}/${model}/${scope}`;
        configured.set(pool, Math.min(tokensPerMinute, configured.get(pool) ?? tokensPerMinute));
      }
  }
  return (target) => {
    const least = Math.min(
      configured.get(quotaPoolOf(target)) ?? Number.POSITIVE_INFINITY,
      target.quotaTokensPerMinute ?? Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(least) ? least : undefined;
  };
}
