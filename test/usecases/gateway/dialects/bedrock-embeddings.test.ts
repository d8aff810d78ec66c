import { describe, expect, it } from 'vitest';
import {
  readCohereEmbedding,
  readNovaEmbedding,
  readTitanEmbedding,
} from '#usecases/gateway/dialects/bedrock-embeddings.ts';
import type { ReadCall } from '#usecases/gateway/dialects/dialect.ts';

const identity = { requestId: 'r1', model: 'embed', createdSeconds: 7, elapsedMs: () => 12 };
const answer = { embeddings: [[1, 2]], inputTokens: 3 };

function written(
  call: ReadCall,
  given = answer as { embeddings: number[][]; inputTokens: number | undefined },
) {
  if (!call.ok || call.work.kind !== 'embedding') throw new Error(JSON.stringify(call));
  return call.work.writer.whole(identity, given);
}

describe('vectors in the formats of InvokeModel', () => {
  it.each([
    [readTitanEmbedding({ inputText: 'a' }, 'embed'), { embedding: [1, 2], inputTextTokenCount: 3 }],
    [
      readCohereEmbedding({ texts: ['a'], input_type: 'search_query' }, 'embed'),
      { id: 'r1', embeddings: [[1, 2]], texts: ['a'] },
    ],
    [
      readNovaEmbedding(
        {
          taskType: 'SINGLE_EMBEDDING',
          singleEmbeddingParams: {
            embeddingPurpose: 'CLUSTERING',
            text: { truncationMode: 'NONE', value: 'a' },
          },
        },
        'embed',
      ),
      { embeddings: [{ embeddingType: 'TEXT', embedding: [1, 2] }] },
    ],
  ])('are answered in their own, with the count in a header too: %#', (call, body) => {
    expect(written(call)).toMatchObject({
      body,
      headers: { 'x-amzn-requestid': 'r1', 'x-amzn-bedrock-input-token-count': '3' },
    });
  });

  it('invent no count', () => {
    const call = readTitanEmbedding({ inputText: 'a' }, 'embed');
    expect(written(call, { ...answer, inputTokens: undefined })).toEqual({
      body: { embedding: [1, 2] },
      headers: { 'x-amzn-requestid': 'r1' },
    });
  });
});
