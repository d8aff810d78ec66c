import { describe, expect, it } from 'vitest';
import { engineSchema } from '#contract/engine.ts';
import engines from '#data/engines.json' with { type: 'json' };
import quotas from '#data/quotas.json' with { type: 'json' };
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
    });
  });

  it('are unknown without facts', () => {
    expect(emptyFacts.engineOf('llama-3.1-8b')).toBeUndefined();
    expect(emptyFacts.instanceOf('ml.g5.xlarge')).toBeUndefined();
  });
});

describe('what a token of output takes from a quota', () => {
  it.each([
    ['anthropic.claude-sonnet-4-6', 5],
    ['anthropic.claude-opus-5-5', 5],
    ['anthropic.claude-3-7-sonnet-20250219-v1:0', 5],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 1],
    ['anthropic.claude-3-haiku-20240307-v1:0', 1],
    ['openai.gpt-6.1-sol', 10],
    ['openai.gpt-oss-20b-1:0', 1],
    ['amazon.nova-lite-v1:0', 1],
  ])('%s: %d', (modelId, expected) => {
    expect(shippedFacts.outputBurndownOf(modelId)).toBe(expected);
  });

  it('is one where nothing is known', () => {
    expect(emptyFacts.outputBurndownOf('anthropic.claude-sonnet-4-6')).toBe(1);
  });

  it('has a source for each row', () => {
    for (const row of quotas.outputBurndowns) expect(row.source.length).toBeGreaterThan(10);
  });
});
