import { describe, expect, it } from 'vitest';
import {
  fittingTraffic,
  limitsOfCopy,
  meanCall,
  type ServiceLevel,
} from '#core/capacity-plan/copy-limits.ts';
import type { EngineSpeed } from '#core/capacity-plan/engine-speed.ts';
import type { CallLengths, Traffic } from '#core/capacity-plan/traffic.ts';

/** A prompt of 1,000 tokens takes 100 ms; a token 20 ms, and 2 ms more for each other request. */
const speed: EngineSpeed = {
  promptMs: [[1_000, 100]],
  tokenMs: [
    [1, 20],
    [41, 100],
  ],
  measured: 'together',
};
const easy: ServiceLevel = { firstTokenMs: 60_000, tokenMs: 1_000 };

const trafficOf = (calls: readonly CallLengths[]): Traffic => ({
  bins: [
    {
      seconds: 100,
      requests: calls.length,
      inputTokens: calls.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
      outputTokens: calls.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    },
  ],
  sample: calls,
});
const same = (count: number, inputTokens = 1_000, outputTokens = 200): Traffic =>
  trafficOf(Array.from({ length: count }, () => ({ inputTokens, outputTokens })));

const limits = (traffic: Traffic, tokens: number, level = easy) =>
  limitsOfCopy({ traffic, speed, pool: { tokens, fixedTokens: 0 }, level });

describe('what a copy may have under way', () => {
  it('is what its cache holds: whole calls in nine tenths of it', () => {
    // 1,200 tokens are 75 blocks of 16; nine tenths of 16,000 are 14,400: twelve calls.
    expect(limits(same(20), 16_000)).toMatchObject({
      requests: 12,
      bound: 'memory',
      kvTokens: 14_400,
      kvTokensPerRequest: 1_200,
      tooLongShare: 0,
    });
  });

  it('leaves room where calls differ', () => {
    const mixed = trafficOf(
      Array.from({ length: 20 }, (_, index) => ({
        inputTokens: index % 2 === 0 ? 500 : 1_500,
        outputTokens: 200,
      })),
    );
    // Mean 1,208 (704 and 1,712 in blocks), deviation 504: 10 × 1,208 + 1.645 × 504 × √10 = 14,702 is too much.
    expect(limits(mixed, 16_000)).toMatchObject({ requests: 9, kvTokensPerRequest: 1_208 });
  });

  it('leaves out calls that never fit', () => {
    const traffic = trafficOf([...same(9).sample, { inputTokens: 91_000, outputTokens: 200 }]);
    const found = limits(traffic, 16_000);
    expect(found).toMatchObject({ requests: 12, tooLongShare: 0.1, tooLongOutputShare: 0.1 });
    expect(found.tooLongInputShare).toBeCloseTo(0.91, 9);
    expect(meanCall(fittingTraffic(traffic.bins, found)).inputTokens).toBeCloseTo(1_000, 6);
  });

  it('keeps the promise for later tokens with all of them under way', () => {
    // 20 + 2 × (n − 1) ≤ 50 holds to n = 16.
    expect(limits(same(20), 1_000_000, { ...easy, tokenMs: 50 })).toMatchObject({
      requests: 16,
      bound: 'later tokens',
      tokenMs: 50,
    });
  });

  it('keeps the promise of the first token for the prompt that nineteen of twenty do not exceed', () => {
    const traffic = trafficOf([...same(90).sample, ...same(10, 5_000).sample]);
    const level = { ...easy, firstTokenMs: 700 };
    const found = limits(traffic, 1_000_000, level);
    expect(found.bound).toBe('first token');
    expect(found.firstTokenMs).toBeLessThanOrEqual(700);
    const askedFor = (firstTokenMs: number) =>
      limits(traffic, 1_000_000, { ...level, firstTokenMs }).requests;
    expect(askedFor(found.firstTokenMs)).toBe(found.requests);
    expect(askedFor(found.firstTokenMs - 0.01)).toBe(found.requests - 1);
    // Alone: 500 ms for 5,000 tokens, the iteration under way, and three of its own.
    expect(askedFor(579)).toBe(0);
    expect(askedFor(580)).toBe(1);
  });

  it('is no more than anybody measured', () => {
    expect(limits(same(20), 1_000_000)).toMatchObject({ requests: 41, bound: 'measurement' });
  });

  it('is nothing where a single call misses the promise, or none fits', () => {
    expect(limits(same(20), 1_000_000, { ...easy, tokenMs: 19 })).toMatchObject({
      requests: 0,
      bound: 'later tokens',
      callsPerSecond: 0,
    });
    expect(limits(same(20), 160)).toMatchObject({ requests: 0, bound: 'memory', tooLongShare: 1 });
  });

  it('answers so many calls a second when it is full', () => {
    // A call of 100 + 199 × 42 ms, twelve at a time.
    expect(limits(same(20), 16_000).callsPerSecond).toBeCloseTo(12_000 / 8_458, 9);
  });
});
