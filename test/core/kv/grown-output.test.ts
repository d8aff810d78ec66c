import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grownOutput } from '#core/kv/grown-output.ts';

it('is told a few times up to the longest answer, and always leaves room to grow', () => {
  const tokens = fc.integer({ min: 1, max: 200_000 });
  fc.assert(
    fc.property(tokens, tokens, (expected, maxTokens) => {
      let reserved = Math.min(expected, maxTokens);
      let told = 0;
      // The answer comes token by token.
      while (reserved < maxTokens) {
        const next = grownOutput(reserved, maxTokens);
        expect(next).toBeGreaterThan(reserved);
        reserved = next;
        told += 1;
      }
      expect(reserved).toBe(maxTokens);
      expect(told).toBeLessThanOrEqual(18);
    }),
  );
});

it('knows what to reserve for an answer of which nothing was expected', () => {
  expect(grownOutput(0, 100)).toBe(2);
});
