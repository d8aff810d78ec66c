import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { areCallersWords } from '#core/failures/callers-words.ts';

const plain: ChatRequest = {
  model: 'chat',
  system: [],
  messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
  inference: {},
};
const chat = (changes: Partial<ChatRequest>) =>
  ({ kind: 'chat', stream: true, request: { ...plain, ...changes } }) as const;
const heard = "doesn't support tool use";
const named = { name: 'look', inputSchema: { type: 'object', properties: { [heard]: {} } } };

describe('words in which a target was heard', () => {
  it.each([
    ['a text', chat({ messages: [{ role: 'user', content: [{ text: `It ${heard.toUpperCase()}!` }] }] })],
    ['a field for the model', chat({ bedrock: { additionalModelRequestFields: { [heard]: 1 } } })],
    ['a label', chat({ bedrock: { requestMetadata: { team: heard } } })],
    ['a schema', chat({ tools: { choice: { kind: 'auto' }, specifications: [named] } })],
    ['a stop sequence', chat({ inference: { stopSequences: [heard] } })],
    ['one end of them', chat({ system: [{ text: 'support tool use' }] })],
    [
      'a text of many',
      { kind: 'embedding', request: { model: 'e', texts: ['a', heard], purpose: 'clustering' } },
    ],
  ] as const)('may be the caller’s in %s', (_, work) => {
    expect(areCallersWords(heard, work)).toBe(true);
  });

  it('may stand beside the chat', () => {
    expect(areCallersWords(heard, chat({}))).toBe(false);
    expect(areCallersWords(heard, chat({}), { metadata: { [heard]: '1' } })).toBe(true);
  });

  it('are the target’s where the caller used the protocol’s own', () => {
    const marked = chat({ messages: [{ role: 'user', content: [{ text: 'a' }, { cachePoint: {} }] }] });
    expect(areCallersWords('extraneous key [cachePoint]', marked)).toBe(false);
  });
});
