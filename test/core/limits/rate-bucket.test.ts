import { describe, expect, it } from 'vitest';
import {
  burstOf,
  fillMicros,
  fullAfterMs,
  giveBackTo,
  latestFullAt,
  microsOfReturn,
  microsOfUnits,
  takeFrom,
  unitsIn,
} from '#core/limits/rate-bucket.ts';
import { createSeededRandom } from '#core/units/random.ts';

const at = Date.UTC(2026, 10, 21, 8);

function takeAll(perMinute: number, units: number, from: number): number {
  let fullAt = 0;
  for (let count = 0; ; count += 1) {
    const taken = takeFrom({ perMinute }, { fullAt, units, at: from });
    if (!taken.granted) return count;
    ({ fullAt } = taken);
  }
}

describe('a bucket', () => {
  it('holds a sixth of a minute, and one unit at least', () => {
    expect([30, 7, 6, 3, 1].map((perMinute) => takeAll(perMinute, 1, at))).toEqual([5, 1, 1, 1, 1]);
    expect(burstOf({ perMinute: 30 })).toBe(5);
    expect(burstOf({ perMinute: 1 })).toBe(1);
    expect(fillMicros({ perMinute: 1 })).toBe(60_000_000);
  });

  it('says exactly when there is enough again', () => {
    const rate = { perMinute: 30 };
    const empty = (at + 10_000) * 1000;
    const refused = takeFrom(rate, { fullAt: empty, units: 1, at });
    expect(refused).toEqual({ granted: false, retryAfterMs: 2000 });
    expect(takeFrom(rate, { fullAt: empty, units: 1, at: at + 1999 }).granted).toBe(false);
    expect(takeFrom(rate, { fullAt: empty, units: 1, at: at + 2000 }).granted).toBe(true);
  });

  it('lends what is larger than it holds when it is full, and is paid back first', () => {
    const rate = { perMinute: 600 };
    const taken = takeFrom(rate, { fullAt: 0, units: 500, at });
    expect(taken).toEqual({ granted: true, fullAt: (at + 50_000) * 1000 });
    expect(takeFrom(rate, { fullAt: (at + 50_000) * 1000, units: 1, at })).toEqual({
      granted: false,
      retryAfterMs: 40_100,
    });
    expect(takeFrom(rate, { fullAt: (at + 1) * 1000, units: 500, at }).granted).toBe(false);
    expect(unitsIn(rate, (at + 50_000) * 1000, at)).toBe(0);
  });

  it('takes back what was not used, rounded for the limit', () => {
    const rate = { perMinute: 7 };
    expect(microsOfUnits(rate, 1)).toBe(8_571_429);
    expect(microsOfReturn(rate, 1)).toBe(8_571_428);
    expect(giveBackTo(rate, 20_000_000, 1)).toBe(11_428_572);
    expect(giveBackTo(rate, 20_000_000, -1)).toBe(28_571_429);
    expect(fullAfterMs((at + 3) * 1000 - 1, at)).toBe(3);
    expect(fullAfterMs(0, at)).toBe(0);
    expect(latestFullAt(rate, { units: 100, at })).toBe(at * 1000);
  });

  it('gives out no more than the largest of burst and cost, and the rate, in any window', () => {
    const random = createSeededRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const rate = { perMinute: 1 + Math.floor(random.next() * 300) };
      const grants: { readonly at: number; readonly units: number }[] = [];
      let fullAt = 0;
      let now = at;
      for (let step = 0; step < 120; step += 1) {
        now += Math.floor(random.next() * 1500);
        const units = 1 + Math.floor(random.next() * Math.min(rate.perMinute, 40));
        const taken = takeFrom(rate, { fullAt, units, at: now });
        if (!taken.granted) continue;
        ({ fullAt } = taken);
        grants.push({ at: now, units });
      }
      const largest = Math.max(burstOf(rate), ...grants.map(({ units }) => units));
      grants.forEach((first, from) => {
        let sum = 0;
        for (const each of grants.slice(from)) {
          sum += each.units;
          const bound = largest + ((each.at - first.at) * rate.perMinute) / 60_000;
          expect(sum).toBeLessThanOrEqual(bound + 1e-6);
        }
      });
    }
  });
});
