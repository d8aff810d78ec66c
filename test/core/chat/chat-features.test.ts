import { describe, expect, it } from 'vitest';
import { chatFeatures } from '#core/chat/chat-features.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const specifications = [{ name: 'look', inputSchema: { type: 'object' } }];
const saying = (...content: ChatRequest['messages'][number]['content']): Partial<ChatRequest> => ({
  messages: [{ role: 'user', content }],
});
const image = { image: { format: 'png' as const, bytesBase64: 'AAAA' } };
const document = { document: { format: 'txt' as const, name: 'notes', source: { text: 'Hello' } } };

describe('the features of a chat', () => {
  it('are none for a text', () => {
    expect(chatFeatures(aChatRequest())).toEqual([]);
  });

  it.each<readonly [string, Partial<ChatRequest>, readonly string[]]>([
    ['tools', { tools: { specifications, choice: { kind: 'auto' } } }, ['tools']],
    ['a forced tool', { tools: { specifications, choice: { kind: 'any' } } }, ['tools', 'tool-choice']],
    [
      'an earlier tool result',
      saying({ toolResult: { toolUseId: '1', content: [image] } }),
      ['tools', 'images'],
    ],
    [
      'tools that none may call',
      { tools: { specifications, choice: { kind: 'none' } } },
      ['tools', 'forbidden-tools'],
    ],
    [
      'two calls in one turn',
      saying(
        { toolUse: { toolUseId: '1', name: 'look', input: {} } },
        { toolUse: { toolUseId: '2', name: 'look', input: {} } },
      ),
      ['tools', 'parallel-tools'],
    ],
    ['an image', saying(image), ['images']],
    ['a document', saying(document), ['documents']],
    ['a video', saying({ bedrock: { member: { video: {} }, modality: 'VIDEO' } }), ['videos']],
    ['a system prompt', { system: [{ text: 'Be short.' }] }, ['system-prompts']],
    ['a cache point', saying({ text: 'Hi' }, { cachePoint: {} }), ['prompt-caching']],
    [
      'a cache point after a tool',
      {
        tools: {
          specifications: [{ name: 'look', inputSchema: {}, cachePoint: {} }],
          choice: { kind: 'auto' },
        },
      },
      ['tools', 'prompt-caching'],
    ],
    ['an answer that goes on', { continuesAssistant: true }, ['assistant-prefix']],
  ])('name %s', (_, changes, features) => {
    expect(chatFeatures(aChatRequest(changes))).toEqual(features);
  });
});
