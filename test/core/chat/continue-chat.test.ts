import { describe, expect, it } from 'vitest';
import type { ContentBlock } from '#core/chat/chat-request.ts';
import { canBeContinued, continuedChat, takesPrefix } from '#core/chat/continue-chat.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const asked = aChatRequest({ inference: { maxTokens: 100, temperature: 0 } });
const shown = { text: 'The first half ', deltas: 3 };

describe('a chat that goes on', () => {
  it('gives the shown part as the beginning of the answer, without white space at its end', () => {
    const { messages, continuesAssistant, inference } = continuedChat(asked, shown, false);
    expect(messages).toEqual([
      ...asked.messages,
      { role: 'assistant', content: [{ text: 'The first half' }] },
    ]);
    expect(continuesAssistant).toBe(true);
    expect(inference).toEqual({ maxTokens: 97, temperature: 0 });
  });

  it('asks in words where a target takes no beginning', () => {
    const { messages, continuesAssistant } = continuedChat(asked, shown, true);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(continuesAssistant).toBe(false);
  });

  it('goes on in the turn that the caller itself began', () => {
    const begun = aChatRequest({
      messages: [...asked.messages, { role: 'assistant', content: [{ text: 'Well: ' }] }],
      continuesAssistant: true,
    });
    expect(continuedChat(begun, shown, false).messages.at(-1)).toEqual({
      role: 'assistant',
      content: [{ text: 'Well: The first half' }],
    });
  });

  it('is the same chat where nothing but white space was shown, and never asks for less than one token', () => {
    const again = continuedChat(asked, { text: ' \n', deltas: 200 }, true);
    expect(again.messages).toBe(asked.messages);
    expect(again.inference.maxTokens).toBe(1);
  });
});

describe('an answer', () => {
  const document = (citations?: boolean) => ({
    document: { format: 'txt' as const, name: 'far', source: { text: 'Far.' }, citations },
  });
  const asking = (...content: readonly ContentBlock[]) =>
    aChatRequest({ messages: [{ role: 'user', content: [{ text: 'Hello' }, ...content] }] });

  it.each([
    ['is text', asked, true],
    ['is text beside documents', asking(document(), document(false)), true],
    ['is text with thoughts', aChatRequest({ reasoning: { budgetTokens: 1024 } }), true],
    ['is JSON', aChatRequest({ responseFormat: { kind: 'json' } }), false],
    [
      'is JSON by a schema',
      aChatRequest({ responseFormat: { kind: 'json-schema', name: 'far', schema: {} } }),
      false,
    ],
    ['names its sources', asking(document(true)), false],
    ['may name search results', asking({ bedrock: { member: { searchResult: {} } } }), false],
  ] as const)('that %s can be gone on with: %#', (_, request, can) => {
    expect(canBeContinued(request)).toBe(can);
  });

  it('is not thought about again', () => {
    const thinking = aChatRequest({
      reasoning: { budgetTokens: 1024 },
      anthropic: { topK: 4, adaptiveThinking: {} },
    });
    for (const instructed of [true, false]) {
      const rest = continuedChat(thinking, shown, instructed);
      expect(rest).not.toHaveProperty('reasoning');
      expect(rest.anthropic).toEqual({ topK: 4, adaptiveThinking: undefined });
    }
  });
});

describe('a beginning', () => {
  it.each([
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', true],
    ['anthropic.claude-opus-4-5-20251101-v1:0', true],
    ['anthropic.claude-opus-4-6-v1', false],
    ['anthropic.claude-sonnet-4-6', false],
    ['anthropic.claude-opus-5-5', false],
    ['amazon.nova-lite-v1:0', false],
  ])('is taken by %s: %s', (modelId, taken) => {
    expect(takesPrefix(aTarget({ modelId }), asked)).toBe(taken);
  });

  it('is taken by no container, and by no model that thinks first', () => {
    const modelId = 'anthropic.claude-opus-4-5-20251101-v1:0';
    expect(takesPrefix(aDedicatedTarget({ modelId }), asked)).toBe(false);
    expect(takesPrefix(aTarget({ modelId }), aChatRequest({ reasoning: { budgetTokens: 1024 } }))).toBe(
      false,
    );
  });
});
