import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMoments } from '#core/discovery/compare-moments.ts';
import { anyHistory, pastAt, recordOf, runsOf } from '#test/builders/discovery-runs.ts';

describe('two moments of a place', () => {
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
        const then = pastAt(record, first).flatMap((past) => (past.kind === 'present' ? [past.target] : []));
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
