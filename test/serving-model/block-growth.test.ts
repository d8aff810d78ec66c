import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockGrowth } from '#serving-model/block-growth.ts';

describe('blocks that growing sequences need', () => {
  it('are those that counting each one by itself finds', () => {
    const sequences = fc.array(fc.nat(70), { maxLength: 12 });
    fc.assert(
      fc.property(sequences, fc.nat(40), fc.nat(80), (cached, iteration, iterations) => {
        const growth = new BlockGrowth();
        for (const tokens of cached) growth.add(tokens - iteration);
        growth.add(5 - iteration);
        growth.remove(5 - iteration);
        const blocks = (tokens: number) => Math.ceil(tokens / 16);
        const counted = cached.reduce((sum, tokens) => sum + blocks(tokens + iterations) - blocks(tokens), 0);
        expect(growth.size).toBe(cached.length);
        expect(growth.within(iteration, iterations)).toBe(counted);
      }),
    );
  });
});
