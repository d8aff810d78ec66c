import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalHeap } from '#simulator/arrivals/arrival-heap.ts';

describe('the heap of arrivals', () => {
  it('gives what comes first, and at one time what was put in first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), (times) => {
        const heap = new ArrivalHeap<{ atMs: number; index: number }>();
        times.forEach((atMs, index) => {
          heap.push(atMs, { atMs, index });
        });
        expect(heap.size).toBe(times.length);
        expect(heap.nextMs()).toBe(Math.min(Number.POSITIVE_INFINITY, ...times));
        const taken = times.map(() => heap.pop());
        const expected = times
          .map((atMs, index) => ({ atMs, index }))
          .sort((left, right) => left.atMs - right.atMs || left.index - right.index);
        expect(taken).toEqual(expected);
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});
