import { describe, expect, it } from 'vitest';
import { type EngineSpeed, firstTokenMsOf, paceOf } from '#core/capacity-plan/engine-speed.ts';

const together: EngineSpeed = {
  promptMs: [[1_000, 100]],
  tokenMs: [
    [1, 20],
    [11, 40],
  ],
  measured: 'together',
};
const apart: EngineSpeed = { ...together, measured: 'apart' };
const call = { inputTokens: 1_000, outputTokens: 101 };

describe('the pace of a copy', () => {
  // By hand: prompt 100 ms, token 20 + 2 × (running − 1) ms.
  it.each([
    [1, 100 + 100 * 20, 20, 0],
    [6, 100 + 100 * 30, 30, (5 * 100) / 3_100],
    [11, 100 + 100 * 40, 40, (10 * 100) / 4_100],
    [50, 50 * 100, 40, 49 / 50],
  ])('measured together with %i requests', (running, callMs, tokenMs, othersShare) => {
    const pace = paceOf(together, { ...call, running });
    expect(pace.callMs).toBeCloseTo(callMs, 9);
    expect(pace.tokenMs).toBeCloseTo(tokenMs, 9);
    expect(pace.othersShare).toBeCloseTo(othersShare, 9);
  });

  it.each([
    [1, 100 + 100 * 20, 20],
    [6, 600 + 100 * 30, 30 / (1 - 500 / 3_600)],
    [11, 1_100 + 100 * 40, 40 / (1 - 1_000 / 5_100)],
  ])('measured apart with %i requests, prompts of others make tokens wait', (running, callMs, tokenMs) => {
    const pace = paceOf(apart, { ...call, running });
    expect(pace.callMs).toBeCloseTo(callMs, 9);
    expect(pace.tokenMs).toBeCloseTo(tokenMs, 9);
    // Its own prompt and all of its tokens, each at the pace that others leave.
    expect((100 + 100 * 40) / (1 - paceOf(apart, { ...call, running: 11 }).othersShare)).toBeCloseTo(
      5_100,
      9,
    );
  });

  it('is that of a queue of prompts where calls are one token long', () => {
    const one = { inputTokens: 1_000, outputTokens: 1 };
    for (const speed of [together, apart])
      expect(paceOf(speed, { ...one, running: 8 }).callMs).toBeCloseTo(800, 9);
  });
});

describe('the time to the first token', () => {
  const first = (
    speed: EngineSpeed,
    outputTokens: number,
    at: { longInputTokens: number; running: number },
  ) => {
    const pace = paceOf(speed, { ...call, outputTokens, running: at.running });
    return firstTokenMsOf(speed, { meanInputTokens: call.inputTokens, ...at, pace });
  };

  it('is that of the prompt and two iterations in a copy of one’s own', () => {
    expect(first(together, 101, { longInputTokens: 1_000, running: 1 })).toBeCloseTo(100 + 2 * 20, 9);
    // 5,000 tokens are three chunks.
    expect(first(together, 101, { longInputTokens: 5_000, running: 1 })).toBeCloseTo(500 + 4 * 20, 9);
  });

  it('waits for all others at the most', () => {
    // Eight prompts of 100 ms and nothing else to do; u = 7/8, and 22 others would be there one time in twenty.
    expect(first(together, 1, { longInputTokens: 1_000, running: 8 })).toBeCloseTo(8 * 100 + 2 * 34, 9);
  });

  it('is of a long prompt among some, or of a mean one among many', () => {
    // Measured together with eleven: T = 4,100 ms, u = 10 / 41, j = ln 0.05 / ln (10 / 41) = 2.1232; a token 40 ms.
    expect(first(together, 101, { longInputTokens: 1_000, running: 11 })).toBeCloseTo(80 + 312.32, 1);
    expect(first(together, 101, { longInputTokens: 2_000, running: 11 })).toBeCloseTo(80 + 312.32, 1);
    expect(first(together, 101, { longInputTokens: 4_000, running: 11 })).toBeCloseTo(
      120 + 400 / (31 / 41),
      6,
    );
  });

  // Two iterations of 20 ms, and a third for the second chunk.
  it.each([
    [100, 40 + 80],
    [1_000, 40 + 80],
    [1_500, 40 + 130],
    [4_000, 60 + 380],
  ])('of %i tokens lies on the line of what was measured', (longInputTokens, ms) => {
    const measured: EngineSpeed = {
      ...together,
      promptMs: [
        [500, 50],
        [1_000, 80],
        [2_000, 180],
      ],
    };
    expect(first(measured, 101, { longInputTokens, running: 1 })).toBeCloseTo(ms, 9);
  });
});
