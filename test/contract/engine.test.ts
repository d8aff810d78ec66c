import { describe, expect, it } from 'vitest';
import { engineSchema } from '#contract/engine.ts';

const attention = { kind: 'gqa', layers: 32, kvHeads: 8, headDim: 128 };

describe('an engine', () => {
  it.each([
    ['a name', 'llama-3.1-8b'],
    ['heads in groups', { attention, weightsGiB: 15 }],
    [
      'one vector for all heads',
      { attention: { kind: 'mla', layers: 61, kvLoraRank: 512, ropeDim: 64 }, weightsGiB: 642 },
    ],
    [
      'windows',
      {
        attention: {
          kind: 'sliding-window',
          fullLayers: 12,
          windowedLayers: 12,
          windowTokens: 128,
          kvHeads: 8,
          headDim: 64,
        },
        weightsGiB: 13,
        kvFormat: 'fp8',
        gpus: 4,
        tensorParallel: 2,
        gpuMemoryGiB: 80,
        utilisation: 0.85,
        overheadGiB: 2,
      },
    ],
  ])('may be %s', (_what, engine) => {
    expect(engineSchema.parse(engine)).toEqual(engine);
  });

  it.each([
    ['without weights', { attention }],
    ['of another kind', { attention: { ...attention, kind: 'sparse' }, weightsGiB: 15 }],
    ['with members of another kind', { attention: { ...attention, ropeDim: 64 }, weightsGiB: 15 }],
    ['with no layers', { attention: { ...attention, layers: 0 }, weightsGiB: 15 }],
    ['that takes more than all memory', { attention, weightsGiB: 15, utilisation: 1.1 }],
    ['with no name', ''],
  ])('may not be one %s', (_what, engine) => {
    expect(engineSchema.safeParse(engine).success).toBe(false);
  });
});
