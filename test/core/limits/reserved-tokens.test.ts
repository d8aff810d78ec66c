import { describe, expect, it } from 'vitest';
import { estimateTokens, limitedTokensOf } from '#core/limits/reserved-tokens.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const text = (length: number) => ({ text: 'a'.repeat(length) });
const chat = (content: readonly unknown[], maxTokens?: number) =>
  ({
    kind: 'chat',
    stream: false,
    request: aChatRequest({
      system: [],
      messages: [{ role: 'user', content }],
      inference: maxTokens === undefined ? {} : { maxTokens },
    } as never),
  }) as const;

describe('the tokens of a call before it', () => {
  it('are its input, estimated, and its longest answer', () => {
    expect(estimateTokens(chat([text(400)], 50), { targets: [] })).toEqual({ input: 100, reserved: 150 });
    expect(estimateTokens(chat([text(400)]), { targets: [] }).reserved).toBe(100 + 4096);
    const targets = [{ outputTokensMax: 1000 }, { outputTokensMax: 2000 }];
    expect(estimateTokens(chat([text(400)]), { targets }).reserved).toBe(100 + 2000);
    expect(estimateTokens(chat([text(400)]), { targets, outputTokensDefault: 300 }).reserved).toBe(400);
  });

  it('count an image as one, and a document by its size, not by its worst', () => {
    const image = { image: { format: 'png', source: { bytesBase64: 'A'.repeat(4_000_000) } } };
    const document = { document: { format: 'pdf', name: 'a', source: { bytesBase64: 'A'.repeat(64_000) } } };
    expect(estimateTokens(chat([text(4), image], 1), { targets: [] }).input).toBe(1601);
    expect(estimateTokens(chat([text(4), document], 1), { targets: [] }).input).toBe(3001);
  });

  it('are the texts of an embedding, and none where tokens are only counted', () => {
    const embedding = {
      kind: 'embedding',
      request: { model: 'embed', texts: ['a'.repeat(40), ''] },
    } as never;
    expect(estimateTokens(embedding, { targets: [] })).toEqual({ input: 11, reserved: 11 });
    const counting = { kind: 'count-tokens', request: chat([text(400)]).request } as const;
    expect(estimateTokens(counting, { targets: [] })).toEqual({ input: 0, reserved: 0 });
  });

  it('count afterwards without what a prompt cache held', () => {
    const usage = { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 900, cacheWriteInputTokens: 7 };
    expect(limitedTokensOf(usage as never)).toBe(22);
  });
});
