import { describe, expect, it } from 'vitest';
import { type KvSettings, resolvePool } from '#core/kv/resolve-engine.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const poolOf = (settings: KvSettings) => {
  const resolved = resolvePool(settings, shippedFacts);
  if (resolved.kind !== 'pool') throw new Error(JSON.stringify(resolved));
  return resolved.pool;
};

const wrongOf = (settings: KvSettings, facts = shippedFacts) => {
  const resolved = resolvePool(settings, facts);
  return resolved.kind === 'wrong' ? `${resolved.member}: ${resolved.message}` : resolved.kind;
};

const described = {
  attention: { kind: 'gqa', layers: 32, kvHeads: 8, headDim: 128 },
  weightsGiB: 15,
  gpus: 1,
  gpuMemoryGiB: 79.1,
} as const;

describe('the cache of a copy', () => {
  it('comes from the name of a model and an instance type', () => {
    expect(poolOf({ engine: 'llama-3.1-8b', instanceType: 'ml.p5.4xlarge' })).toEqual({
      tokens: 444_240,
      fixedTokens: 0,
    });
    expect(poolOf({ engine: 'gpt-oss-20b', instanceType: 'ml.g6e.2xlarge' }).fixedTokens).toBe(128);
  });

  it('is that of the GPUs which the copy has', () => {
    const whole = poolOf({ engine: 'llama-3.1-8b', instanceType: 'ml.p5.48xlarge' });
    const one = poolOf({ engine: 'llama-3.1-8b', instanceType: 'ml.p5.48xlarge', gpusPerCopy: 1 });
    expect(one.tokens).toBe(444_240);
    expect(whole.tokens).toBeGreaterThan(8 * one.tokens);
  });

  it('comes from a description, with or without an instance type', () => {
    const onInstance = { ...described, gpus: undefined, gpuMemoryGiB: undefined };
    const tokens = poolOf({ engine: described }).tokens;
    expect(poolOf({ engine: onInstance, instanceType: 'ml.p5.4xlarge' }).tokens).toBe(tokens);
    expect(poolOf({ engine: { ...described, kvFormat: 'fp8' } }).tokens).toBeGreaterThan(1.99 * tokens);
    expect(poolOf({ engine: { ...described, utilisation: 0.5 } }).tokens).toBeLessThan(tokens / 2);
  });

  it('is what the engine itself says', () => {
    expect(poolOf({ kvTokensPerCopy: 444_000 })).toEqual({ tokens: 444_000, fixedTokens: 0 });
  });

  it('limits nothing where nothing was said', () => {
    expect(resolvePool({ instanceType: 'ml.g5.xlarge' }, shippedFacts)).toEqual({ kind: 'unlimited' });
  });
});

describe('a wrong engine', () => {
  it.each<[string, KvSettings, RegExp]>([
    ['of an unknown name', { engine: 'llama-9' }, /^engine: "llama-9" is not known; .* llama-3\.1-8b/],
    [
      'on an unknown instance',
      { engine: described, instanceType: 'ml.x1.large' },
      /^instanceType: "ml\.x1\.large" is not known; .* ml\.p5\.48xlarge/,
    ],
    ['on no instance', { engine: 'llama-3.1-8b' }, /^instanceType: is needed with engine/],
    [
      'on more GPUs than there are',
      { engine: 'llama-3.1-8b', instanceType: 'ml.g5.xlarge', gpusPerCopy: 4 },
      /^gpusPerCopy: 4 is more than the 1 of ml\.g5\.xlarge/,
    ],
    [
      'divided unevenly',
      { engine: { ...described, gpus: 4, tensorParallel: 3 } },
      /^engine\.tensorParallel: 3 does not divide the 4 GPUs/,
    ],
    [
      'too large for its GPUs',
      { engine: 'llama-3.1-70b', instanceType: 'ml.g6e.2xlarge' },
      /^engine: weights of 131\.4 GiB leave no room on 1 x 44\.4 GiB at a utilisation of 0\.9/,
    ],
    [
      'said twice',
      { engine: described, kvTokensPerCopy: 444_000 },
      /^kvTokensPerCopy: 444000 stands beside engine; leave one/,
    ],
  ])('%s is named with what would be right', (_what, settings, expected) => {
    expect(wrongOf(settings)).toMatch(expected);
  });

  it('is any that is only a name, where the facts know none', () => {
    expect(wrongOf({ engine: 'llama-3.1-8b', instanceType: 'ml.g5.xlarge' }, emptyFacts)).toMatch(
      /^engine: /,
    );
  });
});
