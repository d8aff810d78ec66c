import { describe, expect, it } from 'vitest';
import { engineSchema } from '#contract/engine.ts';
import engines from '#data/engines.json' with { type: 'json' };
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

describe('the shipped engines', () => {
  it('each are a description that a configuration could hold, with a source', () => {
    for (const row of engines.models) {
      const { id: _id, source, ...described } = row;
      expect(engineSchema.parse(described), row.id).toEqual(described);
      expect(source.length).toBeGreaterThan(20);
    }
    expect(shippedFacts.engines).toHaveLength(engines.models.length);
  });

  it('stand on GPUs that are known', () => {
    expect(shippedFacts.instances).toHaveLength(engines.instances.length);
    expect(shippedFacts.instanceOf('ml.g6e.12xlarge')).toEqual({
      gpus: 4,
      gpuMemoryGiB: 44.39,
      overheadGiB: 1.75,
      computeCapability: 8.9,
    });
  });

  it('are unknown without facts', () => {
    expect(emptyFacts.engineOf('llama-3.1-8b')).toBeUndefined();
    expect(emptyFacts.instanceOf('ml.g5.xlarge')).toBeUndefined();
  });
});
