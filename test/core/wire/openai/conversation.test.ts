import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#core/chat/chat-request.ts';
import { conversationOf, toolUseOf } from '#core/wire/openai/conversation.ts';

const document = { document: { format: 'pdf', name: 'a', source: { bytesBase64: 'AAAA' } } } as const;

function told(turns: readonly ChatMessage[]): readonly string[] {
  const found: string[] = [];
  conversationOf(turns, 'input', (path, message) => found.push(`${path} ${message}`));
  return found;
}

describe('a conversation', () => {
  it('has neighbours of one role as one message', () => {
    const turns: readonly ChatMessage[] = [
      { role: 'user', content: [{ text: 'a' }] },
      { role: 'user', content: [{ text: 'b' }] },
      { role: 'assistant', content: [{ text: 'c' }] },
    ];
    expect(conversationOf(turns, 'input', () => undefined)).toEqual([
      { role: 'user', content: [{ text: 'a' }, { text: 'b' }] },
      { role: 'assistant', content: [{ text: 'c' }] },
    ]);
  });

  it.each([
    [[], 'input must hold at least one user message'],
    [[{ role: 'assistant', content: [{ text: 'a' }] }], 'input must begin with a user message'],
    [[{ role: 'user', content: [document] }], 'input must have a text beside a file'],
    [
      [{ role: 'user', content: [{ toolResult: { toolUseId: 't', content: [] } }] }],
      'input answers the call "t"',
    ],
  ] as const)('%j is refused', (turns, message) => {
    expect(told(turns)[0]).toContain(message);
  });

  it('may have a file and its text in neighbouring turns', () => {
    expect(
      told([
        { role: 'user', content: [document] },
        { role: 'user', content: [{ text: 'What is it?' }] },
      ]),
    ).toEqual([]);
  });
});

describe('the arguments of a call', () => {
  const inputOf = (argumentsJson: string) => {
    const found: string[] = [];
    const block = toolUseOf({ id: 'a', name: 'look', argumentsJson }, 'p', (path) => found.push(path));
    return { block, found };
  };

  it('are an object, and none are an empty one', () => {
    expect(inputOf('{"a":1}').block).toEqual({ toolUse: { toolUseId: 'a', name: 'look', input: { a: 1 } } });
    expect(inputOf(' ')).toMatchObject({ block: { toolUse: { input: {} } }, found: [] });
  });

  it.each(['[1]', '1', 'null', '{', '"x"'])('%s are refused', (text) => {
    expect(inputOf(text).found).toEqual(['p']);
  });
});
