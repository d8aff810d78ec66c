import { describe, expect, it } from 'vitest';
import { cachedPrefix } from '#core/chat/cached-prefix.ts';
import type { ChatMessage } from '#core/chat/chat-request.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const point = { cachePoint: {} };
const user = (...texts: string[]): ChatMessage => ({
  role: 'user',
  content: texts.map((text) => (text === '|' ? point : { text })),
});
const textsOf = (...messages: ChatMessage[]) =>
  cachedPrefix(aChatRequest({ messages })).map(({ text }) => text);

describe('the prefix that a caller has kept', () => {
  it('is empty where no cache point stands behind anything', () => {
    expect(textsOf(user('Hello'))).toEqual([]);
    expect(textsOf(user('|', 'Hello'))).toEqual([]);
  });

  it('reads tools, then the system, then the turns, and ends at the last point', () => {
    const tool = (name: string) => ({ name, inputSchema: { type: 'object' } });
    const pieces = cachedPrefix(
      aChatRequest({
        tools: {
          specifications: [tool('look'), { ...tool('find'), cachePoint: { ttl: '1h' } }],
          choice: { kind: 'auto' },
        },
        system: [{ text: 'Be short.' }, { cachePoint: { ttl: '5m' } }],
        messages: [user('Hello', '|', 'there')],
      }),
    );
    expect(pieces.map(({ text, keptMs }) => [text.split(' ')[0], keptMs])).toEqual([
      ['tool', undefined],
      ['tool', 3_600_000],
      ['system', 300_000],
      ['user', 300_000],
    ]);
  });

  it('is the beginning of the next turn’s, wherever the points have moved', () => {
    const first = textsOf(user('Long.', '|', 'Why?', '|'));
    const answer: ChatMessage = { role: 'assistant', content: [{ text: 'So.' }] };
    const second = textsOf(user('Long.', 'Why?'), answer, user('And?', '|'));
    expect(second.slice(0, first.length)).toEqual(first);
    expect(second).toHaveLength(4);
  });

  it('tells who said it, and one part from two', () => {
    const said: ChatMessage = { role: 'assistant', content: [{ text: 'a' }, point] };
    expect(textsOf(user('a', '|'))).not.toEqual(textsOf(said));
    expect(textsOf(user('a', 'b', '|'))).not.toEqual(textsOf(user('ab', '|')));
  });
});
