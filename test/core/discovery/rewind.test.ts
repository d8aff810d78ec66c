import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '#core/discovery/observation.ts';
import { rewind, timelinesOf } from '#core/discovery/rewind.ts';
import { anyHistory, pastAt, recordOf, runsOf } from '#test/builders/discovery-runs.ts';

const told = (targets: readonly Observation[]) =>
  targets.map(({ id, state, reasons, since }) => ({ id, state, reasons, since }));

describe('the past of a place', () => {
  it('is, at each run, between two runs and now, what that run saw', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const runs = runsOf(history);
        const record = recordOf(runs);
        expect(record.from).toBe(10);
        for (const run of runs)
          for (const moment of [run.at, run.at + 9]) {
            const found = pastAt(record, moment).filter((past) => past.kind !== 'absent');
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
});
