import { describe, expect, it } from 'vitest';
import {
  cohereEmbedding,
  embeddingOfCohere,
  embeddingOfNova,
  embeddingOfTitan,
  novaEmbedding,
  titanEmbedding,
} from '#core/wire/bedrock/native-embeddings.ts';

const answer = { embeddings: [[1, 2]], inputTokens: 3 };
const uncounted = { ...answer, inputTokens: undefined };

describe('Titan’s format', () => {
  it('is one text of a document', () => {
    expect(embeddingOfTitan({ inputText: 'a', normalize: false }, 'embed')).toEqual({
      model: 'embed',
      texts: ['a'],
      dimensions: undefined,
      normalize: false,
      purpose: 'search_document',
    });
  });

  it('is answered by type where types were named, with the count that there is', () => {
    expect(titanEmbedding(answer, { inputText: 'a' })).toEqual({ embedding: [1, 2], inputTextTokenCount: 3 });
    expect(titanEmbedding(uncounted, { inputText: 'a', embeddingTypes: ['float'] })).toEqual({
      embedding: [1, 2],
      embeddingsByType: { float: [1, 2] },
    });
  });
});

describe('Cohere’s format', () => {
  it.each([
    ['NONE', 'none'],
    ['START', 'start'],
    ['LEFT', 'start'],
    ['END', 'end'],
    ['RIGHT', 'end'],
    [undefined, undefined],
  ] as const)('cuts texts by either version’s words: %s', (truncate, wanted) => {
    const body = { texts: ['a'], input_type: 'clustering', truncate, output_dimension: 256 } as const;
    expect(embeddingOfCohere(body, 'embed')).toMatchObject({
      truncate: wanted,
      purpose: 'clustering',
      dimensions: 256,
    });
  });

  it('is answered as a list, and by type where types were named', () => {
    const body = { texts: ['a'], input_type: 'clustering' } as const;
    expect(cohereEmbedding('r1', answer, body)).toEqual({
      id: 'r1',
      response_type: 'embeddings_floats',
      embeddings: [[1, 2]],
      texts: ['a'],
    });
    expect(cohereEmbedding('r1', answer, { ...body, embedding_types: ['float'] })).toMatchObject({
      response_type: 'embeddings_by_type',
      embeddings: { float: [[1, 2]] },
    });
  });
});

describe('Nova’s format', () => {
  it('names purposes in its own words', () => {
    const text = { truncationMode: 'END', value: 'a' } as const;
    const params = { embeddingPurpose: 'TEXT_RETRIEVAL', embeddingDimension: 384, text } as const;
    expect(embeddingOfNova({ singleEmbeddingParams: params }, 'embed')).toMatchObject({
      texts: ['a'],
      dimensions: 384,
      purpose: 'search_query',
      truncate: 'end',
    });
    expect(novaEmbedding(answer)).toEqual({
      embeddings: [{ embeddingType: 'TEXT', embedding: [1, 2] }],
      inputTokenCount: 3,
    });
    expect(novaEmbedding(uncounted)).not.toHaveProperty('inputTokenCount');
  });
});
