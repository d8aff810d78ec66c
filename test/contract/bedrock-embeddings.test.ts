import { describe, expect, it } from 'vitest';
import {
  cohereEmbeddingSchema,
  novaEmbeddingSchema,
  refusedEmbeddingMembers,
  titanEmbeddingSchema,
} from '#contract/bedrock-embeddings.ts';

const titan = { inputText: 'a' };
const cohere = { texts: ['a'], input_type: 'search_query' };
const nova = {
  taskType: 'SINGLE_EMBEDDING',
  singleEmbeddingParams: { embeddingPurpose: 'GENERIC_INDEX', text: { truncationMode: 'END', value: 'a' } },
};

describe('bodies that ask for vectors', () => {
  it('are taken as AWS documents them', () => {
    const full = { ...titan, dimensions: 256, normalize: false, embeddingTypes: ['float'] };
    expect(titanEmbeddingSchema.safeParse(full).success).toBe(true);
    const more = { ...cohere, truncate: 'RIGHT', embedding_types: ['float'], output_dimension: 512 };
    expect(cohereEmbeddingSchema.safeParse(more).success).toBe(true);
    const named = { ...nova, schemaVersion: 'nova-multimodal-embed-v1' };
    expect(novaEmbeddingSchema.safeParse(named).success).toBe(true);
  });

  it.each([
    [titanEmbeddingSchema, titan, ['inputImage', 'embeddingConfig', 'textGenerationConfig']],
    [cohereEmbeddingSchema, cohere, ['images', 'inputs', 'max_tokens']],
  ] as const)('say why a known member is refused: %#', (schema, body, members) => {
    for (const member of members) {
      const issues = schema.safeParse({ ...body, [member]: ['x'] }).error?.issues ?? [];
      expect(issues.map(({ message }) => message)).toEqual([
        `is not supported: ${refusedEmbeddingMembers[member]}`,
      ]);
    }
  });

  it.each([
    [titanEmbeddingSchema, { ...titan, inputText: '' }],
    [titanEmbeddingSchema, { ...titan, embeddingTypes: ['float', 'binary'] }],
    [cohereEmbeddingSchema, { ...cohere, texts: [] }],
    [cohereEmbeddingSchema, { ...cohere, texts: Array.from({ length: 97 }, () => 'a') }],
    [cohereEmbeddingSchema, { texts: ['a'] }],
    [novaEmbeddingSchema, { ...nova, taskType: 'SEGMENTED_EMBEDDING' }],
    [
      novaEmbeddingSchema,
      {
        ...nova,
        singleEmbeddingParams: { ...nova.singleEmbeddingParams, embeddingPurpose: 'IMAGE_RETRIEVAL' },
      },
    ],
  ] as const)('are refused where they would mean something else: %#', (schema, body) => {
    expect(schema.safeParse(body).success).toBe(false);
  });
});
