import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatNeeds, inputTokensCeiling } from '#core/chat/chat-needs.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const image = { image: { format: 'png' as const, bytesBase64: 'AAAA' } };
const saying = (text: string) => aChatRequest({ messages: [{ role: 'user', content: [{ text }] }] });

describe('what a chat needs', () => {
  it('is text alone for a text', () => {
    expect(chatNeeds(aChatRequest(), false)).toMatchObject({
      input: ['TEXT'],
      tools: false,
      jsonSchema: false,
      streaming: false,
    });
  });

  it('is images, tools, JSON and a stream where they are asked for', () => {
    const request = aChatRequest({
      messages: [{ role: 'user', content: [image] }],
      tools: { specifications: [{ name: 'look', inputSchema: {} }], choice: { kind: 'auto' } },
      responseFormat: { kind: 'json' },
    });
    expect(chatNeeds(request, true)).toMatchObject({
      input: ['TEXT', 'IMAGE'],
      tools: true,
      jsonSchema: true,
      streaming: true,
    });
  });

  it('counts earlier tool results as tools', () => {
    const content = [{ toolResult: { toolUseId: 'call-1', content: [{ text: '12 degrees' }] } }];
    expect(chatNeeds(aChatRequest({ messages: [{ role: 'user', content }] }), false).tools).toBe(true);
  });

  it('has a token floor under every usual tokenizer and a ceiling over it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const floor = chatNeeds(saying(text), false).inputTokensMin ?? 0;
        expect(floor).toBeLessThanOrEqual(Math.ceil(text.length / 4));
        expect(inputTokensCeiling(saying(text))).toBeGreaterThanOrEqual(
          new TextEncoder().encode(text).length,
        );
      }),
    );
  });

  it('sees that a very long prompt is very long', () => {
    expect(chatNeeds(saying('word '.repeat(400_000)), false).inputTokensMin).toBe(250_000);
  });
});
