import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noChains, withChain, withModel } from '#core/chain/chain-counts.ts';
import { addLearned, chainsCounted, isNothing, type Learned, nothingLearned } from '#core/learned/learned.ts';
import { addLength, noLengths, quantileOf } from '#core/tokens/output-quantiles.ts';

const learnedFrom = (calls: readonly { readonly kind: string; readonly tokens: number }[]): Learned => {
  const lengths = new Map<string, typeof noLengths>();
  for (const { kind, tokens } of calls) lengths.set(kind, addLength(lengths.get(kind) ?? noLengths, tokens));
  return { chains: new Map(), lengths };
};

describe('what several processes learned', () => {
  it('comes to the same in any order, and to what one that saw all calls would know', () => {
    const calls = fc.array(
      fc.record({ kind: fc.constantFrom('a', 'b'), tokens: fc.integer({ min: 1, max: 9_000 }) }),
      { minLength: 20, maxLength: 120 },
    );
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 7 }), (seen, processes) => {
        const parts = Array.from({ length: processes }, (_, process) =>
          learnedFrom(seen.filter((_call, index) => index % processes === process)),
        );
        const all = learnedFrom(seen);
        for (const order of [parts, parts.toReversed()])
          for (const [kind, lengths] of order.reduce(addLearned, nothingLearned).lengths) {
            expect(quantileOf(lengths, 0.9)).toBe(quantileOf(all.lengths.get(kind) ?? noLengths, 0.9));
            expect(lengths.answers).toBe(all.lengths.get(kind)?.answers);
          }
      }),
    );
  });

  it('counts a chain whose calls came to several of them', () => {
    const began: Learned = { ...nothingLearned, chains: new Map([['embed /v1', withChain(noChains)]]) };
    const called: Learned = {
      ...nothingLearned,
      chains: new Map([['embed /v1', withModel(noChains, 'chat')]]),
    };
    for (const both of [addLearned(began, called), addLearned(called, began)])
      expect(both.chains.get('embed /v1')).toEqual({ chains: 1, byModel: new Map([['chat', 1]]) });
  });

  it('keeps of each sort the kinds that were counted most, of those alike the first by name', () => {
    const many = (count: number, prefix: string) =>
      new Map(
        Array.from({ length: 30 }, (_, index) => [
          `${prefix}${index + 10}`,
          { chains: count, byModel: new Map<string, number>() },
        ]),
      );
    const rare: Learned = { ...nothingLearned, chains: many(1, 'rare') };
    const often: Learned = { ...nothingLearned, chains: many(5, 'often') };
    for (const both of [addLearned(rare, often), addLearned(often, rare)]) {
      expect(both.chains.size).toBe(32);
      expect([...both.chains.keys()].filter((kind) => kind.startsWith('rare'))).toEqual(['rare10', 'rare11']);
      expect(chainsCounted(both)).toBe(152);
    }
  });

  it('is nothing only where nothing was counted', () => {
    expect([isNothing(nothingLearned), isNothing(learnedFrom([{ kind: 'a', tokens: 1 }]))]).toEqual([
      true,
      false,
    ]);
  });
});
