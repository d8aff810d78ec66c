import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import {
  createGeneratedSource,
  type GeneratedTraffic,
  instantSampler,
} from '#simulator/arrivals/generated-source.ts';
import { arrivalsOf } from '#test/builders/arrivals-of.ts';
import { momentsOf } from '#test/builders/sample-moments.ts';

const HOUR_MS = 3_600_000;
const traffic: GeneratedTraffic = {
  region: 'eu-central-1',
  rate: { perSecond: 5, bursts: [{ fromMs: HOUR_MS, lengthMs: HOUR_MS, factor: 10 }] },
  process: { law: 'gamma', variation: 2 },
  demands: [
    {
      choice: { model: 'large', tenant: 'acme', lengths: { pairs: [{ inputTokens: 9, outputTokens: 3 }] } },
      weight: 3,
    },
    { choice: { model: 'small', lengths: { pairs: [{ inputTokens: 1, outputTokens: 1 }] } }, weight: 1 },
  ],
  untilMs: 3 * HOUR_MS,
};

describe('generated traffic', () => {
  const arrivals = arrivalsOf(createGeneratedSource(traffic, createSeededRandom('traffic')));

  it('comes in the order of time, and ends when its time is up', () => {
    expect(arrivals.every(({ atMs }, index) => atMs >= (arrivals[index - 1]?.atMs ?? 0))).toBe(true);
    expect(arrivals.at(-1)?.atMs).toBeLessThan(3 * HOUR_MS);
    const ended = createGeneratedSource({ ...traffic, untilMs: 1 }, createSeededRandom('short'));
    arrivalsOf(ended);
    expect([ended.nextMs(), ended.next()]).toEqual([Number.POSITIVE_INFINITY, undefined]);
  });

  it('has the rate of each hour, and keeps how its gaps vary at every rate', () => {
    const within = (hour: number): readonly number[] =>
      arrivals.map(({ atMs }) => atMs).filter((atMs) => Math.floor(atMs / HOUR_MS) === hour);
    for (const [hour, perSecond] of [5, 50, 5].entries()) {
      const times = within(hour);
      const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
      expect(Math.abs(times.length / (perSecond * 3_600) - 1)).toBeLessThan(0.05);
      expect(Math.abs(momentsOf(gaps).variation - 2)).toBeLessThan(0.2);
    }
  });

  it('mixes models and tenants by weight, each with its own lengths', () => {
    const large = arrivals.filter(({ model }) => model === 'large');
    expect(large.length / arrivals.length).toBeCloseTo(0.75, 1);
    expect(large[0]).toMatchObject({
      region: 'eu-central-1',
      tenant: 'acme',
      inputTokens: 9,
      outputTokens: 3,
    });
  });

  it('is the same for the same seed, and another for another', () => {
    const short = { ...traffic, untilMs: 60_000 };
    const once = arrivalsOf(createGeneratedSource(short, createSeededRandom('a')));
    expect(arrivalsOf(createGeneratedSource(short, createSeededRandom('a')))).toEqual(once);
    expect(arrivalsOf(createGeneratedSource(short, createSeededRandom('b')))).not.toEqual(once);
  });

  it('begins in the middle of its pauses: as much in the first minute as in any other, however much they vary', () => {
    const process = { law: 'gamma', variation: 4 } as const;
    const first = Array.from({ length: 4_000 }, (_, seed) => {
      const instants = instantSampler(
        { rate: { perSecond: 1 }, process, untilMs: 5_000 },
        createSeededRandom(seed),
      );
      let count = 0;
      while (instants() < 5_000) count += 1;
      return count;
    });
    // By Poisson's law 5 on the mean; from a whole gap or from none it would be 1 or 9.
    expect(Math.abs(momentsOf(first).mean - 5)).toBeLessThan(0.6);
  });
});
