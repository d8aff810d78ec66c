import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrivedBy,
  type CopyCount,
  type CopyScaling,
  lookedAt,
  SCALING_TIMES,
  startedWith,
  wokenBy,
} from '#serving-model/copy-scaling.ts';

const { lookMs, wakeMs, scaleOutMs, scaleInMs } = SCALING_TIMES;
const policy: CopyScaling = {
  copiesMin: 0,
  copiesMax: 4,
  targetConcurrencyPerCopy: 3,
  wakeMs,
  scaleOutMs,
  scaleInMs,
};

/** Looks at so many requests as often as the metric comes, until then. */
function underLoad(count: CopyCount, inFlight: number, untilMs: number): CopyCount {
  let looked = count;
  for (let atMs = count.atMs + lookMs; atMs <= untilMs; atMs += lookMs)
    looked = lookedAt(policy, looked, { atMs, inFlight });
  return looked;
}

describe('copies that follow load', () => {
  it('come from nothing only after a call, 303 s later, and are ordered once', () => {
    const asleep = underLoad(startedWith(0, 0), 50, 100_000);
    expect(asleep).toMatchObject({ copies: 0, paidMs: 0 });
    const first = wokenBy(policy, asleep, 100_000);
    expect(wokenBy(policy, first, 200_000).ordered).toEqual(first.ordered);
    expect(arrivedBy(first, 402_999).copies).toBe(0);
    expect(arrivedBy(first, 403_000)).toMatchObject({ copies: 1, paidMs: wakeMs });
  });

  it('become more at the third high value, 258 s later, and only as many as are allowed', () => {
    expect(underLoad(startedWith(1, 0), 5, 20_000).ordered).toBeUndefined();
    const ordered = underLoad(startedWith(1, 0), 5, 30_000);
    expect(ordered.ordered).toEqual({ copies: 2, readyAtMs: 30_000 + scaleOutMs });
    expect(underLoad(startedWith(1, 0), 500, 40_000).ordered?.copies).toBe(4);
    expect(arrivedBy(ordered, 30_000 + scaleOutMs).copies).toBe(2);
  });

  it('become fewer after 900 s in which fewer would have done, never fewer than were wanted in them', () => {
    const busy = startedWith(4, 0);
    expect(underLoad(busy, 4, 900_000).copies).toBe(4);
    expect(underLoad(busy, 4, 910_000).copies).toBe(2);
    const bumped = underLoad(underLoad(busy, 1, 500_000), 9, 510_000);
    expect(underLoad(bumped, 1, 910_000).copies).toBe(3);
    expect(underLoad(startedWith(1, 0), 0, 910_000).copies).toBe(0);
  });

  it('come sooner where fewer high values are enough, and no more of them before the last ones have been there a while', () => {
    const quick = { ...policy, highLooks: 1, scaleOutCooldownMs: 300_000 };
    const look = (count: CopyCount, atMs: number) =>
      lookedAt(quick, count, { atMs, inFlight: 6 + atMs / 100_000 });
    const first = look(startedWith(1, 0), 10_000);
    expect(first.ordered).toEqual({ copies: 3, readyAtMs: 10_000 + scaleOutMs });
    const grown = arrivedBy(first, 10_000 + scaleOutMs);
    expect(look(grown, 10_000 + scaleOutMs + 299_999).ordered).toBeUndefined();
    expect(look(grown, 10_000 + scaleOutMs + 360_000).ordered?.copies).toBe(4);
  });

  it('go one after the other where each going must have been a while ago', () => {
    const patient = { ...policy, scaleInCooldownMs: 600_000 };
    const look = (count: CopyCount, atMs: number, inFlight: number) =>
      lookedAt(patient, count, { atMs, inFlight });
    const fewer = look(look(startedWith(4, 0), 10_000, 4), 910_000, 4);
    expect([fewer.copies, fewer.shrunkAtMs]).toEqual([2, 910_000]);
    const low = look(fewer, 920_000, 1);
    expect(look(low, 1_509_000, 1).copies).toBe(2);
    expect(look({ ...low, low: { sinceMs: 0, copiesMost: 1 } }, 1_509_999, 1).copies).toBe(2);
    expect(look({ ...low, low: { sinceMs: 0, copiesMost: 1 } }, 1_510_000, 1).copies).toBe(1);
  });

  it('stay within their bounds, and cost what serves and what is on its way, whatever happens', () => {
    const step = fc.record({ afterMs: fc.nat(400_000), inFlight: fc.nat(40), isRefused: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let count = startedWith(2, 0);
        let paidMost = 0;
        for (const { afterMs, inFlight, isRefused } of steps) {
          const atMs = count.atMs + afterMs;
          paidMost += afterMs * policy.copiesMax;
          const before = count.paidMs;
          count = isRefused ? wokenBy(policy, count, atMs) : lookedAt(policy, count, { atMs, inFlight });
          expect(count.copies).toBeGreaterThanOrEqual(policy.copiesMin);
          expect(count.ordered?.copies ?? count.copies).toBeLessThanOrEqual(policy.copiesMax);
          expect(count.paidMs).toBeGreaterThanOrEqual(before);
          expect(count.paidMs).toBeLessThanOrEqual(paidMost);
        }
      }),
    );
  });
});
