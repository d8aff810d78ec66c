import { describe, expect, it } from 'vitest';
import type { ArrivalSource } from '#simulator/arrivals/arrival.ts';
import { createChainSource } from '#simulator/arrivals/chain-source.ts';
import { mergeSources } from '#simulator/arrivals/merge-sources.ts';
import { arrivalsOf } from '#test/builders/arrivals-of.ts';

function sourceOf(region: string, times: readonly number[]): ArrivalSource {
  let taken = 0;
  return {
    nextMs: () => times[taken] ?? Number.POSITIVE_INFINITY,
    next: () => {
      const atMs = times[taken];
      taken += 1;
      return atMs === undefined ? undefined : { atMs, region, model: 'm', inputTokens: 1, outputTokens: 1 };
    },
  };
}
const told = (source: ArrivalSource, answerMs?: () => number): readonly string[] =>
  arrivalsOf(source, answerMs).map(({ atMs, region }) => `${region}${atMs}`);

describe('merged sources', () => {
  it('come in the order of time, and at one time in the order of the list', () => {
    const merged = mergeSources([sourceOf('a', [1, 5, 5, 9]), sourceOf('b', []), sourceOf('c', [0, 5, 10])]);
    expect(told(merged)).toEqual(['c0', 'a1', 'a5', 'a5', 'c5', 'a9', 'c10']);
    expect(merged.nextMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('let a step come before what was next, once the answer that it waits for has ended', () => {
    const starts = [2];
    const step = { model: 'm', inputTokens: 1, outputTokens: 1, pauseMs: 1 };
    const chains = createChainSource({
      name: 'chains',
      region: 'k',
      starts: () => starts.shift() ?? Number.POSITIVE_INFINITY,
      plan: () => ({
        steps: [
          { ...step, parents: [] },
          { ...step, parents: [0] },
          { ...step, parents: [1] },
        ],
      }),
    });
    const merged = mergeSources([sourceOf('a', [1, 20]), chains, sourceOf('b', [5])]);
    expect(told(merged, () => 4)).toEqual(['a1', 'k3', 'b5', 'k8', 'k13', 'a20']);
  });

  it('pass on that a chain was given up', () => {
    const starts = [0];
    const step = { model: 'm', inputTokens: 1, outputTokens: 1, pauseMs: 0 };
    const chains = createChainSource({
      name: 'chains',
      region: 'k',
      starts: () => starts.shift() ?? Number.POSITIVE_INFINITY,
      plan: () => ({
        steps: [
          { ...step, parents: [] },
          { ...step, parents: [0] },
        ],
      }),
    });
    const merged = mergeSources([chains]);
    const first = merged.next();
    merged.abandoned?.(first?.chain ?? '');
    merged.ended?.(first?.chain ?? '', 0, 1);
    expect(merged.next()).toBeUndefined();
  });
});
