/** A gateway over what discovery kept: reports, and the log of what moved. */
import { type AvailabilityChanges, availabilityChangesSchema } from '#contract/availability-changes.ts';
import { availabilitySchema } from '#contract/http.ts';
import { withHistory } from '#core/discovery/kept-changes.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { aGateway, type GatewayOptions, gatewayStart } from '#test/builders/a-gateway.ts';
import { anObservation } from '#test/builders/an-observation.ts';

export const hour = 3_600_000;
export const begun = gatewayStart - 10 * hour;
export const hoursAgo = (hours: number): string => new Date(gatewayStart - hours * hour).toISOString();

/** What one run saw there, so many hours ago. */
export interface Run {
  readonly ago: number;
  readonly targets: readonly Partial<Observation>[];
  readonly region?: string;
  readonly account?: string;
}

/** Runs as discovery keeps them: the report with its history, and what moved in the log. */
export async function keptAvailability(runs: readonly Run[], options: GatewayOptions = {}) {
  const made = aGateway(options);
  for (const { ago, targets, region = 'us-east-1', account = '111111111111' } of runs) {
    const at = gatewayStart - ago * hour;
    const previous = await made.observations.load(account, region);
    const found = targets.map((target) => {
      const seen = anObservation({ account, region, reach: [region], ...target, observedAt: at });
      const old = previous?.targets.find(({ id }) => id === seen.id);
      return { ...seen, since: old?.state === seen.state ? old.since : at };
    });
    const report: RegionObservations = { account, region, at, failures: [], targets: found };
    const next = withHistory(previous, report, []);
    await made.observations.save(next);
    await made.changes.append(report, next.history?.latest ?? []);
  }
  const changesOf = async (query = ''): Promise<AvailabilityChanges> => {
    const answer = await made.get(`/spillway/v1/availability/changes?${query}`);
    return availabilityChangesSchema.parse(await answer.json());
  };
  const at = async (moment: string) =>
    availabilitySchema.parse(await (await made.get(`/spillway/v1/availability?at=${moment}`)).json());
  return { ...made, changesOf, at };
}

export const nova = {};
export const other = { modelId: 'someone.else-v1:0', id: '111111111111/us-east-1/someone.else-v1:0' };
export const story: readonly Run[] = [
  { ago: 10, targets: [nova] },
  { ago: 8, targets: [nova, { ...other, state: 'no-agreement', reasons: ['agreement-not-available'] }] },
  { ago: 6, targets: [{ ...nova, state: 'denied', reasons: ['refused'] }, { ...other }] },
  { ago: 4, targets: [nova, { ...other }] },
  { ago: 2, targets: [nova] },
  { ago: 1, targets: [{ ...nova, state: 'legacy' }] },
];
