import { describe, expect, it } from 'vitest';
import { type Chunk, doneWith, heldOn, letGo, sumOf, takeChunk } from '#core/batch/chunk.ts';

const at = 1_000_000;
const claim = { batch: 'batch_1', index: 0, holder: 'one', at, leaseMs: 60_000 };
function taken(standing: Chunk | undefined, changes: object = {}) {
  const taking = takeChunk(standing, { ...claim, ...changes });
  if (taking.kind !== 'taken') throw new Error(`it is ${taking.kind}`);
  return taking;
}

describe('a chunk', () => {
  it('is one holder’s until its lease and the skew of clocks are over', () => {
    const { chunk } = taken(undefined);
    const other = { ...claim, holder: 'two' };
    expect(takeChunk(chunk, { ...other, at: at + 61_999 })).toEqual({ kind: 'busy', waitMs: 1 });
    expect(takeChunk(chunk, { ...other, at: at + 62_000 }).kind).toBe('taken');
  });

  it('tells who takes it over which calls may have been under way, and counts the crash', () => {
    const begun = heldOn(taken(undefined).chunk, { begun: [3, 4] }, at + 60_000);
    const { chunk, suspects } = taken(begun, { holder: 'two', at: at + 70_000 });
    expect(suspects).toEqual([3, 4]);
    expect(chunk).toMatchObject({ holder: 'two', crashes: 1, begun: [3, 4], revision: 3 });
  });

  it('is anybody’s, with nothing under way, once it was let go', () => {
    const free = letGo(heldOn(taken(undefined).chunk, { begun: [1] }, at), { made: false });
    expect(free).toMatchObject({ postponements: 1, begun: [], leaseUntil: 0 });
    const { chunk, suspects } = taken(free, { holder: 'two', at: at + 1 });
    expect(suspects).toEqual([]);
    expect(chunk).toMatchObject({ crashes: 0, holder: 'two' });
    expect(letGo(chunk, { made: true }).postponements).toBe(0);
  });

  it('is nobody’s any more when it is done', () => {
    const usage = { inputTokens: 9, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 1 };
    const made = { part: 'work/1', completed: 2, failed: 1, expired: 1, ...usage };
    const done = doneWith(taken(undefined).chunk, made);
    expect(done).toMatchObject({ ...made, begun: [] });
    expect(done.holder).toBeUndefined();
    expect(takeChunk(done, { ...claim, at: at + 1e9 })).toEqual({ kind: 'done' });
    expect(sumOf([done, done])).toEqual({
      ...{ completed: 4, failed: 2, expired: 2, repeatedCalls: 0 },
      ...{ inputTokens: 18, cachedInputTokens: 8, outputTokens: 10, reasoningTokens: 2 },
    });
  });
});
