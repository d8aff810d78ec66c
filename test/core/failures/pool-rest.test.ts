import { describe, expect, it } from 'vitest';
import { type PoolRest, restAfterAnswer, restAfterThrottle } from '#core/failures/pool-rest.ts';

const start = 1_000_000;

/** The rests of throttles that each come just when the rest before is over. */
function rowOfRests(length: number, chance: number): readonly number[] {
  let rest: PoolRest | undefined;
  let at = start;
  return Array.from({ length }, () => {
    rest = restAfterThrottle(rest, { at, chance });
    const restMs = rest.until - at;
    at = rest.until;
    return restMs;
  });
}

describe('the rest of a throttled quota pool', () => {
  it.each([
    [0, [0, 0, 0, 0, 0, 0]],
    [0.25, [250, 500, 1000, 2000, 2500, 2500]],
    [0.5, [500, 1000, 2000, 4000, 5000, 5000]],
    [0.75, [750, 1500, 3000, 6000, 7500, 7500]],
  ])('with chance %d is a share of a ceiling that doubles up to ten seconds', (chance, rests) => {
    expect(rowOfRests(rests.length, chance)).toEqual(rests);
  });

  it('ends at a whole millisecond', () => {
    const { until } = restAfterThrottle(undefined, { at: start, chance: 1 / 3 });
    expect(until).toBe(start + 334);
  });

  it('stays at its bound, however long the row', () => {
    expect(rowOfRests(5000, 0.5).at(-1)).toBe(5000);
  });

  it.each([
    ['another throttle of the same burst', start + 499, { until: start + 500, throttles: 1 }],
    ['the next one after the rest', start + 500, { until: start + 1500, throttles: 2 }],
    ['one within a minute', start + 60_499, { until: start + 61_499, throttles: 2 }],
    ['one when the quota has refilled', start + 60_500, { until: start + 61_000, throttles: 1 }],
  ])('takes %s for what it is', (_name, at, expected) => {
    const first = restAfterThrottle(undefined, { at: start, chance: 0.5 });
    expect(restAfterThrottle(first, { at, chance: 0.5 })).toEqual(expected);
  });

  it.each([
    ['a first throttle', undefined, { until: start + 7000, throttles: 1 }],
    ['a throttle after a rest', { until: start - 1, throttles: 4 }, { until: start + 7000, throttles: 5 }],
    ['one of a burst', { until: start + 10, throttles: 2 }, { until: start + 7000, throttles: 2 }],
    ['one under a longer rest', { until: start + 9000, throttles: 2 }, { until: start + 9000, throttles: 2 }],
  ])('does what the upstream wishes after %s', (_name, rest, expected) => {
    expect(restAfterThrottle(rest, { at: start, chance: 0.5, wishMs: 7000 })).toEqual(expected);
  });

  it('begins again after a good answer, but not for one of a call that left before the throttle', () => {
    const rest = { until: start + 500, throttles: 3 };
    expect(restAfterAnswer(rest, start + 499)).toBe(rest);
    expect(restAfterAnswer(rest, start + 500)).toBeUndefined();
    expect(restAfterAnswer(undefined, start)).toBeUndefined();
  });
});
