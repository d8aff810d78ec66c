import { describe, expect, it } from 'vitest';
import { bedrockInvoke } from '#usecases/gateway/dialects/bedrock-invoke.ts';
import type { CallPath } from '#usecases/gateway/dialects/dialect.ts';

const native = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 5,
  messages: [{ role: 'user', content: 'hello' }],
};
const nova = {
  schemaVersion: 'messages-v1',
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
};
const guarded = {
  'X-Amzn-Bedrock-GuardrailIdentifier': 'g',
  'X-Amzn-Bedrock-GuardrailVersion': '1',
};

function read(body: unknown, path: Partial<CallPath> = {}, headers: Record<string, string> = {}) {
  const call = bedrockInvoke.read(body, { model: 'm', ...path }, new Headers(headers));
  if (call.ok) return call.work;
  return call.violations.map(({ path: at, message }) => `${at}: ${message}`);
}

describe('the shape of a body says whose format it is', () => {
  it.each([
    ['Anthropic’s', native, 'chat'],
    ['Nova’s', nova, 'chat'],
    ['Titan’s', { inputText: 'a' }, 'embedding'],
    ['Cohere’s', { texts: ['a'], input_type: 'search_query' }, 'embedding'],
    [
      'Nova’s, of vectors',
      {
        schemaVersion: 'nova-multimodal-embed-v1',
        taskType: 'SINGLE_EMBEDDING',
        singleEmbeddingParams: {
          embeddingPurpose: 'GENERIC_INDEX',
          text: { truncationMode: 'NONE', value: 'a' },
        },
      },
      'embedding',
    ],
  ])('%s', (_, body, kind) => {
    expect(read(body)).toMatchObject({ kind, request: { model: 'm' } });
  });

  it.each([
    [[], /^: must be a JSON object$/],
    [{ prompt: 'x' }, /converse instead$/],
    [{ inputText: 'x', textGenerationConfig: {} }, /^textGenerationConfig: is not supported: a text model/],
    [{ inputText: 'x', inputImage: 'y' }, /^inputImage: is not supported: only texts/],
    [{ texts: ['x'] }, /^input_type: /],
    [{ texts: ['x'], input_type: 'image' }, /^input_type: /],
    [{ inputText: 'x', embeddingTypes: ['binary'] }, /^embeddingTypes\[0\]: must be \["float"\]/],
    [{ taskType: 'SEGMENTED_EMBEDDING', singleEmbeddingParams: {} }, /^taskType: must be SINGLE_EMBEDDING/],
    [{ ...native, stream: true }, /^stream: is not supported: the path says/],
    [{ ...native, anthropic_version: '2023-06-01' }, /^anthropic_version: must be bedrock-2023-05-31/],
  ])('and what is wrong in it: %j', (body, message) => {
    expect(read(body)).toContainEqual(expect.stringMatching(message));
  });
});

describe('headers', () => {
  it('belong to the call as the members of Converse do', () => {
    const options = { guardrail: { identifier: 'g', version: '1' } };
    expect(read(native, {}, guarded)).toMatchObject({ request: { bedrock: options } });
    const sampled = { ...nova, inferenceConfig: { topK: 5, maxTokens: 9 } };
    expect(read(sampled, { stream: true }, guarded)).toMatchObject({
      stream: true,
      request: {
        inference: { maxTokens: 9 },
        bedrock: { ...options, additionalModelRequestFields: { inferenceConfig: { topK: 5 } } },
      },
    });
  });

  it('and the manner of the answer are refused where vectors have no use for them', () => {
    expect(read({ inputText: 'x' }, { stream: true }, guarded)).toEqual([
      expect.stringContaining('not streamed'),
      expect.stringContaining('for chats'),
    ]);
    const labelled = { 'x-amzn-bedrock-request-metadata': '{"a":"b"}' };
    expect(read({ inputText: 'x' }, {}, labelled)).toMatchObject({ kind: 'embedding' });
  });

  it('are judged together with the body', () => {
    expect(read({ ...native, seed: 1 }, {}, { 'x-amzn-bedrock-trace': 'x' })).toEqual([
      expect.stringMatching(/^x-amzn-bedrock-trace/),
      expect.stringMatching(/^seed/),
    ]);
  });
});
