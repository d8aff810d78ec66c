import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMoments } from '#core/discovery/compare-moments.ts';
import { withHistory } from '#core/discovery/kept-changes.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { type PlaceRecord, rewind, timelinesOf } from '#core/discovery/rewind.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';

const ids = ['a', 'b', 'c'] as const;
const states = ['available', 'legacy', 'no-agreement', 'not-offered'] as const;
type States = Partial<Record<(typeof ids)[number], (typeof states)[number]>>;

/** Runs as discovery makes them: a state's time begins with the run that first saw it. */
function runsOf(history: readonly States[]): readonly RegionObservations[] {
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

function recordOf(runs: readonly RegionObservations[]): PlaceRecord {
  const { account, region, targets, history } = runs.at(-1) ?? regionReport('us-east-1', []);
  const changes = runs.flatMap((run) => run.history?.latest ?? []);
  return { account, region, targets, from: history?.from, changes };
}

const told = (targets: readonly Observation[]) =>
  targets.map(({ id, state, reasons, since }) => ({ id, state, reasons, since }));

const at = (record: PlaceRecord, moment: number) =>
  timelinesOf(record).map((timeline) => rewind(timeline, moment));

const anyHistory = fc.array(
  fc.record(
    { a: fc.constantFrom(...states), b: fc.constantFrom(...states), c: fc.constantFrom(...states) },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 12 },
);

describe('the past of a place', () => {
  it('is, at each run, between two runs and now, what that run saw', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const runs = runsOf(history);
        const record = recordOf(runs);
        expect(record.from).toBe(10);
        for (const run of runs)
          for (const moment of [run.at, run.at + 9]) {
            const found = at(record, moment).filter((past) => past.kind !== 'absent');
            expect(told(found.flatMap((past) => (past.kind === 'present' ? [past.target] : [])))).toEqual(
              told(run.targets),
            );
            expect(found.every(({ kind }) => kind === 'present')).toBe(true);
          }
      }),
    );
  });

  it('tells the truth or that it does not know, whichever changes cannot be read', () => {
    fc.assert(
      fc.property(anyHistory, fc.infiniteStream(fc.boolean()), (history, lots) => {
        const runs = runsOf(history);
        const whole = recordOf(runs);
        const byLot = Object.groupBy(whole.changes, () => (lots.next().value ? 'read' : 'unreadable'));
        const record = { ...whole, changes: byLot.read ?? [], unreadable: byLot.unreadable ?? [] };
        for (const run of runs)
          for (const timeline of timelinesOf(record)) {
            const past = rewind(timeline, run.at + 5);
            const truth = run.targets.find(({ id }) => id === timeline.id);
            if (past.kind === 'present') expect(told([past.target])).toEqual(told(truth ? [truth] : []));
            if (past.kind === 'absent') expect(truth).toBe(undefined);
          }
      }),
    );
  });

  it('differs from one moment to another as it differs back, by the same steps', () => {
    const mirrored = {
      appeared: 'left',
      left: 'appeared',
      changed: 'changed',
      returned: 'returned',
      lost: 'lost',
    };
    fc.assert(
      fc.property(anyHistory, fc.nat(130), fc.nat(130), (history, first, second) => {
        const record = recordOf(runsOf(history));
        const [one, other] = [first + 10, second + 10];
        const there = compareMoments(record, { first: one, second: other });
        const back = compareMoments(record, { first: other, second: one });
        expect(
          back.map(({ kind, before, after, ...rest }) => ({
            ...rest,
            kind: mirrored[kind],
            before: after,
            after: before,
          })),
        ).toEqual(there);
      }),
    );
  });

  it('adds what moved to what was, and comes to what is', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(130), (history, moment) => {
        const record = recordOf(runsOf(history));
        const first = moment + 10;
        const then = at(record, first).flatMap((past) => (past.kind === 'present' ? [past.target] : []));
        const states = new Map(then.map(({ id, state }) => [id, state]));
        for (const { id, steps } of compareMoments(record, { first, second: 1000 }))
          for (const { from, to } of steps) {
            expect(states.get(id)).toBe(from);
            if (to === undefined) states.delete(id);
            else states.set(id, to);
          }
        expect([...states].sort()).toEqual(record.targets.map(({ id, state }) => [id, state]).sort());
      }),
    );
  });
});

describe('what a report says of changes', () => {
  it('begins anew after a version that did not note everything', () => {
    const [first, second] = runsOf([{ a: 'available' }, { a: 'legacy' }]);
    const { history: _, ...older } = first ?? regionReport('us-east-1', []);
    expect(withHistory(older, second ?? older, []).history).toEqual({ from: 20, latest: [] });
  });

  it('carries what the log may lack, and begins anew where that is too much', () => {
    const [first, second] = runsOf([{ a: 'available' }, { a: 'legacy', b: 'available' }]);
    const unlogged = second?.history?.latest ?? [];
    expect(unlogged).toHaveLength(2);
    const next = { ...(second ?? regionReport('us-east-1', [])), at: 30 };
    expect(withHistory(second, next, unlogged).history).toEqual({ from: 10, latest: unlogged });
    const many = Array.from({ length: 501 }, () => unlogged).flat();
    expect(withHistory(first, next, many).history).toEqual({ from: 30, latest: [] });
  });
});
