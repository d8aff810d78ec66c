import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstTokenMs, MIDDLE_ENGINE, serviceMs, tokenIntervalMs } from '#serving-model/engine.ts';

const engine = {
  ...MIDDLE_ENGINE,
  overheadMs: 100,
  prefillTokensPerSecond: 1_000,
  outputTokenMs: 10,
  batchKnee: 8,
};

describe('engine', () => {
  it('takes its overhead and the prefill of the prompt until the first token', () => {
    expect(firstTokenMs(engine, 0)).toBe(100);
    expect(firstTokenMs(engine, 2_000)).toBe(2_100);
  });

  it('doubles the time per token when a batch is one knee above a single request', () => {
    expect(tokenIntervalMs(engine, 1)).toBe(10);
    expect(tokenIntervalMs(engine, 9)).toBe(20);
  });

  it('needs no decoding time for an answer of one token or none', () => {
    const alone = { inputTokens: 0, running: 1 };
    expect(serviceMs(engine, { ...alone, outputTokens: 0 })).toBe(100);
    expect(serviceMs(engine, { ...alone, outputTokens: 1 })).toBe(100);
    expect(serviceMs(engine, { ...alone, outputTokens: 11 })).toBe(200);
  });

  it('never gets faster through more prompt, more output or more company', () => {
    const load = fc.record({
      inputTokens: fc.nat(100_000),
      outputTokens: fc.nat(10_000),
      running: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(load, load, (one, more) => {
        const sum = {
          inputTokens: one.inputTokens + more.inputTokens,
          outputTokens: one.outputTokens + more.outputTokens,
          running: one.running + more.running,
        };
        return serviceMs(engine, sum) >= serviceMs(engine, one);
      }),
    );
  });
});
