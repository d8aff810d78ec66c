import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { containerEmbeddingAnswer, containerEmbeddingBody } from '#adapters/aws/container-embedding.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

it('asks a container as OpenAI’s clients do', () => {
  const request = anEmbeddingRequest({ texts: ['a', 'b'], dimensions: 64 });
  expect(JSON.parse(containerEmbeddingBody('bge', request))).toEqual({
    model: 'bge',
    input: ['a', 'b'],
    dimensions: 64,
    encoding_format: 'float',
  });
});

describe('its answer', () => {
  it('is in the order that its indexes say', () => {
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: [1] },
    ];
    expect(containerEmbeddingAnswer({ data, usage: { prompt_tokens: 4 } })).toEqual({
      embeddings: [[1], [2]],
      inputTokens: 4,
    });
    expect(containerEmbeddingAnswer({ data: [{ embedding: [1] }] })).toEqual({
      embeddings: [[1]],
      inputTokens: undefined,
    });
  });

  it.each([
    [
      [
        { index: 0, embedding: [1] },
        { index: 0, embedding: [2] },
      ],
    ],
    [[{ index: 5, embedding: [1] }]],
    [[{ index: 0, embedding: 'AAAA' }]],
    ['none'],
  ])('that does not name each text once is malformed: %j', (data) => {
    expect(() => containerEmbeddingAnswer({ data })).toThrow(MalformedAnswer);
  });
});
