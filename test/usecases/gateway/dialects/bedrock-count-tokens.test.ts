import { describe, expect, it } from 'vitest';
import { bedrockCountTokens } from '#usecases/gateway/dialects/bedrock-count-tokens.ts';

const read = (body: unknown) => {
  const call = bedrockCountTokens.read(body, { model: 'chat-large' }, new Headers());
  if (!call.ok) return call.violations.map(({ path, message }) => `${path}: ${message}`);
  return call.work;
};
const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
const inBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const native = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 5,
  messages: [{ role: 'user', content: 'hello' }],
};

describe('Bedrock’s count', () => {
  it('is of the chat that Converse or a native body would have been', () => {
    expect(read({ input: { converse: { messages } } })).toMatchObject({
      kind: 'count-tokens',
      request: { model: 'chat-large', messages },
    });
    expect(read({ input: { invokeModel: { body: inBase64(native) } } })).toMatchObject({
      request: { messages },
    });
  });

  it.each([
    [{}, /^input: /],
    [{ input: {} }, /^input: must have exactly one of converse, invokeModel$/],
    [{ input: { converse: { messages: [] } } }, /^input\.converse\.messages: /],
    [
      { input: { converse: { messages: [{ role: 'assistant', content: [{ text: 'x' }] }] } } },
      /^input\.converse\.messages\[0\]\.role: /,
    ],
    [{ input: { converse: { messages, inferenceConfig: {} } } }, /^input\.converse\.inferenceConfig: /],
    [{ input: { invokeModel: { body: '%' } } }, /^input\.invokeModel\.body: must be the JSON body/],
    [
      { input: { invokeModel: { body: Buffer.from('{').toString('base64') } } },
      /^input\.invokeModel\.body: must be JSON/,
    ],
    [
      { input: { invokeModel: { body: Buffer.from('['.repeat(5000)).toString('base64') } } },
      /^input\.invokeModel\.body: /,
    ],
    [
      { input: { invokeModel: { body: inBase64({ prompt: 'x' }) } } },
      /^input\.invokeModel\.body: must be in Anthropic’s format/,
    ],
    [
      { input: { invokeModel: { body: inBase64({ ...native, seed: 1 }) } } },
      /^input\.invokeModel\.body\.seed: /,
    ],
  ])('says what would be right of %j', (body, message) => {
    expect(read(body)).toEqual([expect.stringMatching(message)]);
  });
});
