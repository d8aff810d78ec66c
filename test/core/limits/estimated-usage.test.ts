import { expect, it } from 'vitest';
import { estimatedUsage } from '#core/limits/estimated-usage.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

const request = aChatRequest({ messages: [{ role: 'user', content: [{ text: 'x'.repeat(400) }] }] });
const chat = { kind: 'chat', request, stream: true } as const;

it('takes the input by its bytes, and the output by deltas or characters, whichever are more tokens', () => {
  expect(estimatedUsage(chat, { deltas: 7, characters: 8 })).toEqual({ inputTokens: 100, outputTokens: 7 });
  expect(estimatedUsage(chat, { deltas: 1, characters: 41 })).toEqual({ inputTokens: 100, outputTokens: 11 });
  expect(estimatedUsage(chat, {})).toEqual({ inputTokens: 100, outputTokens: 0 });
});

it('counts the input of each target that read it', () => {
  expect(estimatedUsage(chat, { deltas: 7 }, 2)).toEqual({ inputTokens: 200, outputTokens: 7 });
});

it('gives work without output none', () => {
  const embedding = {
    kind: 'embedding',
    request: anEmbeddingRequest({ texts: ['12345678', '1234'] }),
  } as const;
  expect(estimatedUsage(embedding, { characters: 400 })).toEqual({ inputTokens: 3, outputTokens: 0 });
});
