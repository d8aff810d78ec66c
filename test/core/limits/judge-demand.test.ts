import { expect, it } from 'vitest';
import { judgeDemand } from '#core/limits/judge-demand.ts';

const at = Date.UTC(2026, 10, 21, 8);
const rate = { perMinute: 60 };

it('gives all or nothing over the buckets, and ahead what is left', () => {
  const demand = (bucket: string, units: number, ahead: number) => ({ bucket, rate, units, ahead });
  const standing: Record<string, number> = { half: (at + 5000) * 1000, empty: (at + 10_000) * 1000 };
  const fullAt = (bucket: string) => standing[bucket] ?? 0;
  expect(judgeDemand([demand('full', 2, 3), demand('half', 2, 9)], { fullAt, at })).toEqual([5, 5]);
  expect(judgeDemand([demand('full', 20, 3)], { fullAt, at })).toEqual([20]);
  expect(judgeDemand([demand('full', 1, 0), demand('empty', 1, 0)], { fullAt, at })).toBeUndefined();
});
