import { expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import { anthropicMessage } from '#core/wire/anthropic/message.ts';

const identity = { id: 'msg_1', model: 'chat-large', stopSequences: [] };

it('has the blocks in their order, each in its kind', () => {
  const message = anthropicMessage(identity, {
    blocks: [
      { index: 0, kind: 'reasoning', text: 'hm', signature: 's' },
      { index: 1, kind: 'reasoning', text: 'unsigned' },
      { index: 2, kind: 'reasoning-redacted', dataBase64: 'AAAA' },
      { index: 3, kind: 'text', text: 'so' },
      { index: 5, kind: 'tool-use', toolUseId: 't', name: 'look', inputJson: '{"a":[1]}' },
    ],
    stopReason: 'tool_use',
    usage: { inputTokens: 5, outputTokens: 7, cacheWriteInputTokens: 3 },
  });
  expect(message).toMatchObject({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'chat-large',
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: {
      input_tokens: 5,
      output_tokens: 7,
      cache_creation_input_tokens: 3,
      cache_read_input_tokens: null,
    },
  });
  expect(message.content).toEqual([
    { type: 'thinking', thinking: 'hm', signature: 's' },
    { type: 'thinking', thinking: 'unsigned', signature: '' },
    { type: 'redacted_thinking', data: 'AAAA' },
    { type: 'text', text: 'so' },
    { type: 'tool_use', id: 't', name: 'look', input: { a: [1] }, caller: { type: 'direct' } },
  ]);
});

it.each(['', '{"a":', '[1]', 'null'])(
  'has an empty input where the call has none that is whole: %j',
  (inputJson) => {
    const call = { index: 0, kind: 'tool-use', toolUseId: 't', name: 'look', inputJson } as const;
    const { content } = anthropicMessage(identity, { ...emptyAnswer, blocks: [call] });
    expect(content).toMatchObject([{ input: {} }]);
  },
);

it('says which counts are not exact', () => {
  expect(anthropicMessage(identity, emptyAnswer).usage).toMatchObject({ output_tokens: 0, estimated: true });
});
