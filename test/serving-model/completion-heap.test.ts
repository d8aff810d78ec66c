import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompletionHeap } from '#serving-model/completion-heap.ts';
import { Sequence } from '#serving-model/sequence.ts';

describe('sequences by their end', () => {
  it('come off in order of their end, then of their rank, whatever was taken out between', () => {
    const steps = fc.array(fc.record({ doneAt: fc.nat(20), removes: fc.option(fc.nat(40)) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const heap = new CompletionHeap();
        let there: Sequence[] = [];
        for (const [rank, { doneAt, removes }] of all.entries()) {
          const sequence = new Sequence({ id: rank, inputTokens: 1, outputTokens: 1, cachedTokens: 0 });
          Object.assign(sequence, { doneAt, rank });
          heap.add(sequence);
          there.push(sequence);
          const gone = removes === null ? undefined : there[removes];
          if (gone === undefined) continue;
          heap.remove(gone);
          heap.remove(gone);
          there = there.filter((each) => each !== gone);
        }
        expect(heap.size).toBe(there.length);
        const taken = [];
        for (let first = heap.first; first !== undefined; first = heap.first) {
          taken.push(first.id);
          heap.remove(first);
        }
        const sorted = there.toSorted((left, right) => left.doneAt - right.doneAt || left.rank - right.rank);
        expect(taken).toEqual(sorted.map(({ id }) => id));
      }),
    );
  });
});
