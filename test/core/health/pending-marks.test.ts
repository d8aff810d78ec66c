import { expect, it } from 'vitest';
import { isContradicted, PENDING_MAX, withMark } from '#core/health/pending-marks.ts';
import { type FailureMark, nothingShared } from '#core/health/shared-health.ts';

const mark = (at: number, origin = 'o', points = 1): FailureMark => ({ by: 'p1', at, points, origin });

it('keeps failures of one moment and origin as one, with the weight of all', () => {
  const pending = [mark(1), mark(1), mark(1, 'other'), mark(2, 'other', 3)].reduce(withMark, []);
  expect(pending.map(({ at, origin, points }) => [at, origin, points])).toEqual([
    [1, 'o', 2],
    [1, 'other', 1],
    [2, 'other', 3],
  ]);
});

it('keeps the newest', () => {
  const pending = Array.from({ length: 8 }, (_, at) => mark(at)).reduce(withMark, []);
  expect(pending.map(({ at }) => at)).toEqual([3, 4, 5, 6, 7]);
  expect(pending).toHaveLength(PENDING_MAX);
});

it('is contradicted by a call that began after the last failure, where there was one', () => {
  const health = { ...nothingShared, failures: [mark(1000), mark(2000)] };
  const good = (at: number) => isContradicted(health, { origin: 'o', at });
  expect([good(1500), good(2000), good(2001)]).toEqual([false, false, true]);
  expect(isContradicted(nothingShared, { origin: 'o', at: 5000 })).toBe(false);
});
