import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { judgeSlope, slopeOf } from '../../../bench/gateway/slope.ts';

const MIB = 1_048_576;
const random = createSeededRandom(20261121);

/** Eleven readings from 100,000 to 200,000 requests, as a soak's second half has them. */
function verdictOn(bytesAt: (requests: number) => number): string {
  const readings = Array.from({ length: 11 }, (_, index) => {
    const requests = 100_000 + index * 10_000;
    return { requests, bytes: 34 * MIB + bytesAt(requests) };
  });
  return judgeSlope(slopeOf(readings), 1);
}

const wavering = (bytes: number) => bytes * (random.next() - 0.5);

describe('what is read of a heap', () => {
  it('and wavers is flat, in all but a few of many runs', () => {
    const verdicts = Array.from({ length: 1_000 }, () => verdictOn(() => wavering(30_000)));
    expect(verdicts.filter((verdict) => verdict === 'grows').length).toBeLessThan(30);
    expect(verdicts.filter((verdict) => verdict === 'flat').length).toBeGreaterThan(950);
  });

  it('and grows by 16 bytes a request is found in every run, and by one in nearly every', () => {
    for (const [bytesPerRequest, foundMin] of [
      [16, 1_000],
      [1, 990],
    ] as const) {
      const found = Array.from({ length: 1_000 }, () =>
        verdictOn((requests) => bytesPerRequest * requests + wavering(30_000)),
      ).filter((verdict) => verdict === 'grows');
      expect(found.length).toBeGreaterThanOrEqual(foundMin);
    }
  });

  it('and grows in the steps of a list that is enlarged by half is never called flat', () => {
    const steps = (requests: number) => {
      let room = 16;
      while (room < 16 * requests) room += Math.ceil(room / 2);
      return room;
    };
    for (let run = 0; run < 100; run += 1)
      expect(verdictOn((requests) => steps(requests + run * 1_000) + wavering(30_000))).not.toBe('flat');
  });

  it('and wavers by more than would show a leak, or still falls, is no ground for a verdict', () => {
    expect(verdictOn((requests) => (requests % 20_000 === 0 ? 0 : 500_000))).toBe('unsure');
    expect(verdictOn((requests) => -10 * requests + wavering(30_000))).toBe('unsure');
  });

  it('and stays for several readings counts as fewer readings', () => {
    const slow = (index: number) => (Math.floor(index / 4) % 2) * 10_000;
    const fast = (index: number) => (index % 2) * 10_000;
    const errorOf = (bytesOf: (index: number) => number) =>
      slopeOf(Array.from({ length: 16 }, (_, index) => ({ requests: index * 10_000, bytes: bytesOf(index) })))
        .error;
    expect(errorOf(slow)).toBeGreaterThan(1.3 * errorOf(fast));
  });
});
