import { withHistory } from '#core/discovery/kept-changes.ts';
import type { RegionObservations } from '#core/discovery/observation.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ObservationStore } from '../ports/observation-store.ts';

export interface ReleaseOrder {
  readonly account: string;
  readonly region: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * An operator's word that an account's region is gone for good: its targets leave the routes at the next plan. No list,
 * however empty, can say that. What AWS lists there again later comes back by itself.
 *
 * @throws HouseError `region_unknown` when the region never reported, or what the store throws
 */
export async function releaseRegion(
  {
    clock,
    observations,
    log,
  }: { readonly clock: Clock; readonly observations: ObservationStore; readonly log: Log },
  { account, region, by, reason }: ReleaseOrder,
): Promise<RegionObservations> {
  const standing = await observations.load(account, region);
  if (standing === undefined) {
    throw houseError('region_unknown', {
      message: `no discovery of account ${account} in ${region} ever reported`,
    });
  }
  log.write('warn', 'operator-released-region', { account, region, by, reason });
  // After the standing report: the store keeps the later one, and readers tell reports apart by their time.
  const at = Math.max(clock.now(), standing.at + 1);
  const targets = standing.targets.map((each) => ({
    ...each,
    state: 'not-offered' as const,
    reasons: ['operator-released'],
    since: each.state === 'not-offered' ? each.since : at,
    stale: false,
    goneEvidence: 'operator' as const,
  }));
  // No log is at hand here: the next discovery writes down what this one carries.
  const released = withHistory(standing, { ...standing, targets, at }, standing.history?.latest ?? []);
  const saved = await observations.save(released);
  if (!saved) {
    throw houseError('condition_lost', {
      message: `a discovery of ${region} reported in between: release it again`,
    });
  }
  return released;
}
