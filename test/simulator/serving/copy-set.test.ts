import { describe, expect, it } from 'vitest';
import { CopySet } from '#simulator/serving/copy-set.ts';

const engine = {
  blocks: 1_000,
  sequencesMax: 8,
  batchTokensMax: 2_048,
  promptChunkMax: 2_048,
  prefillTokensPerSecond: 1_000,
  iterationMs: 10,
  batchKnee: 10,
};
const call = (id: number) => ({ id, inputTokens: 10, outputTokens: 101 });

describe('a set of copies', () => {
  it('tells the events of all copies in order of time, and who is done with what', () => {
    const ended: string[] = [];
    const set = new CopySet({ engine }, (copy, atMs) => ended.push(`${set.copies.indexOf(copy)} at ${atMs}`));
    const [first, second] = [set.add(), set.add()];
    set.enter(first, 0, call(1));
    set.advance(5, { firstToken: () => undefined, finished: () => undefined, preempted: () => undefined });
    set.enter(second, 5, call(2));
    const said: string[] = [];
    set.advance(5_000, {
      firstToken: (id, atMs) => said.push(`first ${id} at ${atMs}`),
      finished: (id, atMs) => said.push(`finished ${id} at ${atMs}`),
      preempted: () => undefined,
    });
    expect(said).toEqual(['first 1 at 20', 'first 2 at 25', 'finished 1 at 1020', 'finished 2 at 1025']);
    expect(ended).toEqual(['0 at 1020', '1 at 1025']);
    expect([set.requestMs(5_000), set.inFlight]).toEqual([2_040, 0]);
  });

  it('gives nothing to a copy that is going, and says what it had when it is gone', () => {
    const set = new CopySet({ engine });
    expect(set.leastLoaded()).toBeUndefined();
    const [first, second] = [set.add(), set.add()];
    set.enter(first, 0, call(1));
    expect(set.leastLoaded()).toBe(second);
    second.drainingSinceMs = 0;
    expect(set.leastLoaded()).toBe(first);
    expect(set.remove(first, 30)).toEqual([1]);
    expect([set.inFlight, set.leave(1, 30), set.remove(second, 30)]).toEqual([0, false, []]);
  });
});
