import { describe, expect, it } from 'vitest';
import { inputTokensCeilingOf, isStreamed, needsOf, type Work } from '#core/call/work.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

const long = aChatRequest({ messages: [{ role: 'user', content: [{ text: 'word '.repeat(1000) }] }] });
const chat: Work = { kind: 'chat', request: long, stream: true };
const count: Work = { kind: 'count-tokens', request: long };
const embedding: Work = { kind: 'embedding', request: anEmbeddingRequest({ dimensions: 256 }) };

describe('what work needs', () => {
  it('is what the chat needs, to which a count adds no length: what fits no context can be counted', () => {
    expect(needsOf(chat)).toMatchObject({ work: 'chat', streaming: true, inputTokensMin: 625 });
    expect(needsOf(count)).toMatchObject({ work: 'count-tokens', streaming: false, inputTokensMin: null });
    expect(needsOf(embedding)).toMatchObject({ work: 'embedding', dimensions: 256 });
  });

  it('is bounded for money by its input, whatever the kind', () => {
    expect(inputTokensCeilingOf(chat)).toBeGreaterThan(5000);
    expect(inputTokensCeilingOf(count)).toBe(inputTokensCeilingOf(chat));
    expect(inputTokensCeilingOf(embedding)).toBeGreaterThanOrEqual('the tide'.length);
  });

  it('is streamed for chats alone', () => {
    expect([chat, { ...chat, stream: false }, count, embedding].map(isStreamed)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
