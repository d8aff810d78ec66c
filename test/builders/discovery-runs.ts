/** Runs of one region as discovery keeps them, out of nothing but states. */
import fc from 'fast-check';
import { withHistory } from '#core/discovery/kept-changes.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { type PlaceRecord, rewind, timelinesOf } from '#core/discovery/rewind.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';

const ids = ['a', 'b', 'c'] as const;
const states = ['available', 'legacy', 'no-agreement', 'not-offered'] as const;
type States = Partial<Record<(typeof ids)[number], (typeof states)[number]>>;

/** Runs as discovery makes them: a state's time begins with the run that first saw it. */
export function runsOf(history: readonly States[]): readonly RegionObservations[] {
  const runs: RegionObservations[] = [];
  history.forEach((seen, index) => {
    const at = 10 * (index + 1);
    const previous = runs.at(-1);
    const targets = ids.flatMap((id): Observation[] => {
      const state = seen[id];
      if (state === undefined) return [];
      const old = previous?.targets.find(({ modelId }) => modelId === id);
      const since = old?.state === state ? old.since : at;
      return [plainObservation('us-east-1', { modelId: id, state, reasons: [`${state}-${since}`], since })];
    });
    runs.push(withHistory(previous, regionReport('us-east-1', targets, { at }), []));
  });
  return runs;
}

export function recordOf(runs: readonly RegionObservations[]): PlaceRecord {
  const { account, region, targets, history } = runs.at(-1) ?? regionReport('us-east-1', []);
  const changes = runs.flatMap((run) => run.history?.latest ?? []);
  return { account, region, targets, from: history?.from, changes };
}

/** Every target at a moment, as its record tells it. */
export const pastAt = (record: PlaceRecord, moment: number) =>
  timelinesOf(record).map((timeline) => rewind(timeline, moment));

export const anyHistory = fc.array(
  fc.record(
    { a: fc.constantFrom(...states), b: fc.constantFrom(...states), c: fc.constantFrom(...states) },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 12 },
);
