/** Observations as plan looks them up: by target and by model, with the freshness of the region that reported them. */
import type { Observation, RegionObservations } from '../discovery/observation.ts';
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
  };
}
