import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import {
  bedrockEmbeddingAnswer,
  bedrockEmbeddingBody,
  countInHeader,
} from '#adapters/aws/bedrock-embedding.ts';
import type { EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

const body = (modelId: string, changes: Partial<EmbeddingRequest> = {}): unknown =>
  JSON.parse(bedrockEmbeddingBody(modelId, anEmbeddingRequest({ texts: ['a'], ...changes })));

describe('texts become the body of', () => {
  it.each<[string, Partial<EmbeddingRequest>, object]>([
    ['amazon.titan-embed-text-v1', {}, { inputText: 'a' }],
    ['amazon.titan-embed-text-v2:0', {}, { inputText: 'a' }],
    [
      'amazon.titan-embed-text-v2:0',
      { dimensions: 256, normalize: false },
      { inputText: 'a', dimensions: 256, normalize: false },
    ],
    [
      'amazon.titan-embed-image-v1',
      { dimensions: 384 },
      { inputText: 'a', embeddingConfig: { outputEmbeddingLength: 384 } },
    ],
    [
      'cohere.embed-english-v3',
      { texts: ['a', 'b'], purpose: 'search_query', truncate: 'start' },
      { texts: ['a', 'b'], input_type: 'search_query', truncate: 'START', embedding_types: ['float'] },
    ],
    [
      'cohere.embed-v4:0',
      { dimensions: 512, truncate: 'end' },
      {
        texts: ['a'],
        input_type: 'search_document',
        truncate: 'RIGHT',
        embedding_types: ['float'],
        output_dimension: 512,
      },
    ],
    [
      'amazon.nova-2-multimodal-embeddings-v1:0',
      { dimensions: 1024, purpose: 'clustering' },
      {
        taskType: 'SINGLE_EMBEDDING',
        singleEmbeddingParams: {
          embeddingPurpose: 'CLUSTERING',
          embeddingDimension: 1024,
          text: { truncationMode: 'NONE', value: 'a' },
        },
      },
    ],
  ])('%s', (modelId, changes, wanted) => {
    expect(body(modelId, changes)).toEqual(wanted);
  });

  it('no model that is not spoken, and no more texts than it takes', () => {
    expect(() => body('twelvelabs.marengo-embed-3-0-v1:0')).toThrow(/no embedding model/);
    expect(() => body('amazon.titan-embed-text-v2:0', { texts: ['a', 'b'] })).toThrow(/takes 1 texts/);
  });
});

describe('an answer becomes vectors', () => {
  it.each<[string, object, object]>([
    [
      'amazon.titan-embed-text-v2:0',
      { embedding: [1], inputTextTokenCount: 3 },
      { embeddings: [[1]], inputTokens: 3 },
    ],
    [
      'cohere.embed-v4:0',
      { embeddings: { float: [[1], [2]] } },
      { embeddings: [[1], [2]], inputTokens: undefined },
    ],
    ['cohere.embed-english-v3', { embeddings: [[1]] }, { embeddings: [[1]], inputTokens: undefined }],
    [
      'amazon.nova-2-multimodal-embeddings-v1:0',
      { embeddings: [{ embeddingType: 'TEXT', embedding: [1] }] },
      { embeddings: [[1]], inputTokens: undefined },
    ],
  ])('of %s', (modelId, answer, wanted) => {
    expect(bedrockEmbeddingAnswer(modelId, { ...answer }, undefined)).toEqual(wanted);
    expect(bedrockEmbeddingAnswer(modelId, { ...answer }, 9).inputTokens).toBe(9);
  });

  it('only when it is made of numbers', () => {
    const read = (embedding: unknown) => () =>
      bedrockEmbeddingAnswer('amazon.titan-embed-text-v2:0', { embedding }, 1);
    expect(read('x')).toThrow(MalformedAnswer);
    expect(read([1, null])).toThrow(MalformedAnswer);
  });
});

it('reads the count in the header as it stands, or not at all', () => {
  expect([undefined, '0', '12'].map((value) => countInHeader(value))).toEqual([undefined, 0, 12]);
  expect(() => countInHeader('many')).toThrow(MalformedAnswer);
});
