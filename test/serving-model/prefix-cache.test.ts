import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixCache } from '#serving-model/prefix-cache.ts';

describe('a cache of prefixes', () => {
  it('knows the leading blocks of a prompt, and none behind one that it does not know', () => {
    const cache = new PrefixCache({ blocksMax: 10, blockTokens: 512 });
    expect(cache.read([1, 2, 3])).toBe(0);
    expect(cache.read([1, 2, 9])).toBe(1_024);
    expect(cache.cachedTokens([1, 8, 3])).toBe(512);
    expect(cache.cachedTokens([8, 2, 3])).toBe(0);
    expect(cache.size).toBe(4);
  });

  it('forgets what was used longest ago, and the end of a prompt before its beginning', () => {
    const cache = new PrefixCache({ blocksMax: 4, blockTokens: 16 });
    cache.read([1, 2]);
    cache.read([3, 4]);
    cache.read([1, 2]);
    cache.read([5]);
    expect([cache.cachedTokens([1, 2]), cache.cachedTokens([3, 4]), cache.cachedTokens([5])]).toEqual([
      32, 16, 16,
    ]);
    cache.read([11, 12, 13, 14, 15, 16]);
    expect(cache.cachedTokens([11, 12, 13, 14, 15, 16])).toBe(64);
  });

  it('never keeps more than it may, nor answers more than the prompt has', () => {
    const prompts = fc.array(fc.uniqueArray(fc.nat(30), { maxLength: 12 }), { maxLength: 30 });
    fc.assert(
      fc.property(prompts, fc.integer({ min: 1, max: 20 }), (all, blocksMax) => {
        const cache = new PrefixCache({ blocksMax, blockTokens: 16 });
        for (const hashes of all) {
          const before = cache.cachedTokens(hashes);
          expect(cache.read(hashes)).toBe(before);
          expect(before).toBeLessThanOrEqual(hashes.length * 16);
          expect(cache.size).toBeLessThanOrEqual(blocksMax);
          expect(cache.cachedTokens(hashes)).toBe(Math.min(hashes.length, blocksMax) * 16);
        }
      }),
    );
  });
});
