import { describe, expect, it } from 'vitest';
import type { Attention, Engine } from '#core/kv/engine.ts';
import { kvBytesOf, kvBytesOfSequence } from '#core/kv/kv-bytes.ts';
import { fixedTokensOf, poolTokens } from '#core/kv/kv-tokens.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const KIB = 2 ** 10;
const GIB = 2 ** 30;

const attentionOf = (name: string): Attention => {
  const engine = shippedFacts.engineOf(name);
  if (engine === undefined) throw new Error(`the facts lack ${name}`);
  return engine.attention;
};

const layout = (name: string) =>
  ({ attention: attentionOf(name), kvFormat: 'bf16', tensorParallel: 1 }) as const;

/** Model, KiB a token, MiB a sequence, and GiB of a sequence of 4k, 32k and 128k tokens as people write them. */
const KNOWN = [
  ['llama-3.1-8b', 128, 0, '0.50', '4.0', '16'],
  ['mistral-7b', 128, 0, '0.50', '4.0', '16'],
  ['mixtral-8x7b', 128, 0, '0.50', '4.0', '16'],
  ['qwen2.5-7b', 56, 0, '0.22', '1.75', '7'],
  ['qwen3-32b', 256, 0, '1.0', '8', '32'],
  ['llama-3.1-70b', 320, 0, '1.25', '10', '40'],
  ['qwen2.5-72b', 320, 0, '1.25', '10', '40'],
  ['llama-3.1-405b', 504, 0, '1.97', '15.8', '63'],
  ['deepseek-v3', 68.625, 0, '0.27', '2.1', '8.6'],
  ['gpt-oss-20b', 24, 3, '0.10', '0.75', '3'],
  ['gpt-oss-120b', 36, 4.5, '0.15', '1.1', '4.5'],
] as const;

const asWritten = (gib: number, like: string) => gib.toFixed(like.split('.')[1]?.length ?? 0);

describe('the cache that a token takes', () => {
  it.each(KNOWN)(
    '%s: %d KiB a token, %d MiB a sequence',
    (name, perTokenKib, perSequenceMib, four, thirtyTwo, all) => {
      const { perToken, perSequenceMax } = kvBytesOf(layout(name));
      expect(perToken).toBe(perTokenKib * KIB);
      expect(perSequenceMax).toBe(perSequenceMib * KIB * KIB);
      const gib = (tokens: number) => kvBytesOfSequence(layout(name), tokens) / GIB;
      expect(asWritten(gib(4 * KIB), four)).toBe(four);
      expect(asWritten(gib(32 * KIB), thirtyTwo)).toBe(thirtyTwo);
      expect(asWritten(gib(128 * KIB), all)).toBe(all);
    },
  );

  it('is the published one of DeepSeek-V3 and Llama 3.1 405B, to the byte', () => {
    expect(kvBytesOf(layout('deepseek-v3')).perToken).toBe(70_272);
    expect(kvBytesOf(layout('llama-3.1-405b')).perToken).toBe(516_096);
  });

  it('is half in fp8', () => {
    expect(kvBytesOf({ ...layout('llama-3.1-8b'), kvFormat: 'fp8' }).perToken).toBe(64 * KIB);
  });

  it('is divided among GPUs only while each has a head of its own', () => {
    const over = (name: string, tensorParallel: number) =>
      kvBytesOf({ ...layout(name), tensorParallel }).perToken / KIB;
    expect([1, 2, 4, 8, 16].map((gpus) => over('llama-3.1-70b', gpus))).toEqual([320, 320, 320, 320, 640]);
    expect(over('qwen2.5-7b', 8)).toBe(112);
    expect(over('deepseek-v3', 8)).toBe(549);
  });

  it('grows to the window in layers that have one, and no further', () => {
    const bytes = (tokens: number) => kvBytesOfSequence(layout('gpt-oss-20b'), tokens) / KIB;
    expect(bytes(64)).toBe(64 * 48);
    expect(bytes(128)).toBe(128 * 48);
    expect(bytes(1_128)).toBe(128 * 48 + 1_000 * 24);
    expect(fixedTokensOf(layout('gpt-oss-20b'))).toBe(128);
    expect(fixedTokensOf(layout('llama-3.1-8b'))).toBe(0);
  });
});

describe('the tokens that a copy has room for', () => {
  const BILLION = 1e9;
  /** Parameters in billions, bytes of each, GPUs, GiB and overhead of each, and the pool as people write it. */
  const POOLS = [
    ['8B bf16 on an A10G or L4', 'llama-3.1-8b', 8.03, 2, 1, 22.35, 1.6, 2, 29_000],
    ['8B fp8 on an L40S', 'llama-3.1-8b', 8.03, 1, 1, 44.7, 1.75, 2, 250_000],
    ['8B bf16 on an H100', 'llama-3.1-8b', 8.03, 2, 1, 79.1, 2, 3, 444_000],
    ['70B fp8 on 4 L40S', 'llama-3.1-70b', 70.55, 1, 4, 44.7, 1.75, 3, 289_000],
    ['70B fp8 on 2 H200', 'llama-3.1-70b', 70.55, 1, 2, 139.8, 2, 3, 596_000],
    ['70B bf16 on 8 H100', 'llama-3.1-70b', 70.55, 2, 8, 79.1, 2, 3, 1_380_000],
  ] as const;

  it.each(POOLS)('%s', (_what, model, billions, bytesEach, gpus, gib, overheadGib, digits, expected) => {
    const engine: Engine = {
      ...layout(model),
      gpus,
      tensorParallel: gpus,
      gpuMemoryBytes: gib * GIB,
      utilisation: 0.9,
      weightBytes: billions * BILLION * bytesEach,
      overheadBytesPerGpu: overheadGib * GIB,
    };
    const tokens = poolTokens(engine);
    expect(Number(tokens.toPrecision(digits))).toBe(expected);
    expect(tokens % 16).toBe(0);
  });

  it('are 7 sequences of 4k on the smallest of them, and none of 32k', () => {
    expect(Math.floor(29_000 / 4_096)).toBe(7);
    expect(Math.floor(29_000 / 32_768)).toBe(0);
  });

  it('are none where the weights leave no room', () => {
    const engine: Engine = {
      ...layout('llama-3.1-70b'),
      gpus: 1,
      gpuMemoryBytes: 79 * GIB,
      utilisation: 0.9,
      weightBytes: 131 * GIB,
      overheadBytesPerGpu: 2 * GIB,
    };
    expect(poolTokens(engine)).toBe(0);
  });
});
