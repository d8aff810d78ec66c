import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { firstPool, judgeMemory } from '#core/dedicated/judge-memory.ts';
import { aDeployment } from '#test/builders/a-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const messages = (changes: Partial<Deployment>) =>
  judgeMemory(aDeployment(changes), shippedFacts).map(({ member, message }) => `${member}: ${message}`);

const poolOf = (changes: Partial<Deployment>) => firstPool(aDeployment(changes), shippedFacts)?.tokens ?? 0;

describe('the cache of a copy', () => {
  it.each<[string, Partial<Deployment>, RegExp]>([
    ['unknown', { engine: undefined }, /^engine: is needed, or kvTokensPerCopy/],
    [
      'too small for the longest request, with the numbers',
      { instanceTypes: ['ml.g5.2xlarge'] },
      /^contextTokensMax: 32768 does not fit: such a request takes 32768 tokens of cache, and of the 27\d+ of a copy on ml\.g5\.2xlarge 2\d+ may be reserved; must be at most 2\d+, or take more GPUs$/,
    ],
    [
      'smaller on a later instance type than the gateway reckons with',
      { instanceTypes: ['ml.g6e.2xlarge', 'ml.g6.2xlarge'] },
      /^instanceTypes\[1\]: a copy on ml\.g6\.2xlarge holds \d+ tokens, less than the \d+ on ml\.g6e\.2xlarge that the gateway reckons with; name the smallest one first$/,
    ],
    ['none at all', { engine: 'llama-3.1-70b' }, /^engine: weights of 131\.4 GiB leave no room/],
    [
      'said twice',
      { engine: 'llama-3.1-8b', kvTokensPerCopy: 90_000 },
      /^kvTokensPerCopy: 90000 stands beside engine/,
    ],
    [
      'of another format than engine says',
      {
        kvFormat: 'fp8',
        engine: {
          attention: { kind: 'gqa', layers: 32, kvHeads: 8, headDim: 128 },
          weightsGiB: 14,
          kvFormat: 'bf16',
        },
      },
      /^kvFormat: fp8 is not the bf16 of engine; say it once$/,
    ],
  ])('is refused: %s', (_what, changes, message) => {
    const found = messages(changes);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  it('is twice as long in fp8, and shorter with a draft model beside it', () => {
    const plain = poolOf({});
    expect(poolOf({ kvFormat: 'fp8' })).toBeGreaterThanOrEqual(2 * plain - 16);
    const speculation = { method: 'eagle3', tokens: 3, draft: 'draft', memoryGiB: 8 } as const;
    // 8 GiB of 128 KiB each.
    expect(plain - poolOf({ speculation })).toBe(65_536);
    expect(
      poolOf({ speculation: { method: 'ngram', tokens: 3, lookupTokensMin: 2, lookupTokensMax: 4 } }),
    ).toBe(plain);
  });

  it('may be what the engine itself says', () => {
    expect(messages({ engine: undefined, kvTokensPerCopy: 90_000 })).toEqual([]);
    expect(poolOf({ engine: undefined, kvTokensPerCopy: 90_000 })).toBe(90_000);
  });
});
