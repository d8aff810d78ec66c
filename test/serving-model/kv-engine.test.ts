import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blocksHeld,
  enterKv,
  idleKvState,
  iterateKv,
  type KvEngine,
  type KvState,
} from '#serving-model/kv-engine.ts';

const engine: KvEngine = {
  blocks: 10,
  sequencesMax: 4,
  batchTokensMax: 64,
  promptChunkMax: 32,
  prefillTokensPerSecond: 1_000,
  iterationMs: 10,
  batchKnee: 10,
};

const entered = (...requests: readonly (readonly [string, number, number])[]): KvState =>
  requests.reduce<KvState>(
    (state, [id, inputTokens, outputTokens]) => enterKv(state, { id, inputTokens, outputTokens }),
    idleKvState,
  );

/** All iterations until nothing is left to do. */
function drain(start: KvState, of: KvEngine = engine) {
  const steps = [];
  let state = start;
  while (state.running.length + state.waiting.length > 0) {
    if (steps.length > 5_000) throw new Error('it never ends');
    const step = iterateKv(of, state);
    steps.push(step);
    state = step.state;
  }
  return steps;
}

describe('an iteration', () => {
  it('reads a prompt in chunks, and writes a token at its end and in each one after', () => {
    const steps = drain(entered(['a', 50, 3]));
    expect(steps.map(({ begun }) => begun)).toEqual([[], ['a'], [], []]);
    expect(steps.map(({ finished }) => finished)).toEqual([[], [], [], ['a']]);
    expect(steps.map(({ durationMs }) => durationMs)).toEqual([42, 28, 10, 10]);
  });

  it('computes no more tokens than a batch holds, and runs no more sequences than it may', () => {
    const first = iterateKv(engine, entered(['a', 40, 1], ['b', 40, 1], ['c', 40, 1]));
    expect(first.state.running.map(({ id }) => id)).toEqual(['a', 'b']);
    const small = entered(['a', 1, 9], ['b', 1, 9], ['c', 1, 9], ['d', 1, 9], ['e', 1, 9]);
    expect(iterateKv(engine, small).state.running).toHaveLength(4);
  });

  it('takes longer the more run', () => {
    const alone = iterateKv(engine, iterateKv(engine, entered(['a', 1, 9])).state);
    const both = iterateKv(engine, iterateKv(engine, entered(['a', 1, 9], ['b', 1, 9])).state);
    expect([alone.durationMs, both.durationMs]).toEqual([10, 11]);
  });

  it('throws the youngest out where a block is missing, and ends its answer all the same', () => {
    const steps = drain(entered(['old', 60, 40], ['young', 60, 40]));
    const preempted = steps.flatMap((step) => step.preempted);
    expect(new Set(preempted)).toEqual(new Set(['young']));
    expect(steps.flatMap(({ finished }) => finished)).toEqual(['old', 'young']);
    expect(steps.flatMap(({ begun }) => begun)).toEqual(['old', 'young']);
  });

  it('never holds more blocks than there are, and ends all that could be alone', () => {
    const request = fc.tuple(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 70 }));
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 8 }), (sizes) => {
        const steps = drain(
          entered(...sizes.map(([input, output], index) => [`r${index}`, input, output] as const)),
        );
        for (const { state } of steps) expect(blocksHeld(state)).toBeLessThanOrEqual(engine.blocks);
        expect(steps.flatMap(({ finished }) => finished)).toHaveLength(sizes.length);
      }),
    );
  });

  it('with nothing to do takes no time', () => {
    expect(iterateKv(engine, idleKvState).durationMs).toBe(0);
  });
});
