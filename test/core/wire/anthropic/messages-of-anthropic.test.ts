import { expect, it } from 'vitest';
import { pathsOf, requestOf } from './translate.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const pdf = (title?: string) => ({
  type: 'document' as const,
  title,
  source: { type: 'base64' as const, data: 'AAAA' },
});

it('makes one message of neighbours of one role', () => {
  const { messages } = requestOf({
    messages: [
      { role: 'user', content: 'a' },
      { role: 'user', content: [text('b'), text('')] },
      { role: 'assistant', content: 'c' },
      { role: 'assistant', content: '' },
    ],
  });
  expect(messages).toEqual([
    { role: 'user', content: [{ text: 'a' }, { text: 'b' }] },
    { role: 'assistant', content: [{ text: 'c' }] },
  ]);
});

it('gives documents of one title names that differ', () => {
  const content = [pdf('Tides: 1/2'), pdf('Tides: 1/2'), pdf(), text('Read.')];
  const { messages } = requestOf({ messages: [{ role: 'user', content }] });
  const names = messages[0]?.content.flatMap((block) => ('document' in block ? [block.document.name] : []));
  expect(names).toEqual(['Tides- 1-2', 'Tides- 1-2 (2)', 'document']);
});

it('names fifty thousand documents of one title in passing', () => {
  const content = [text('Read.'), ...Array.from({ length: 50_000 }, () => pdf('a'))];
  const { messages } = requestOf({ messages: [{ role: 'user', content }] });
  const names = messages[0]?.content.flatMap((block) => ('document' in block ? [block.document.name] : []));
  expect(new Set(names).size).toBe(50_000);
});

it('takes a hundred thousand neighbours in passing', () => {
  const messages = Array.from({ length: 100_000 }, () => ({ role: 'user' as const, content: 'a' }));
  expect(requestOf({ messages }).messages[0]?.content).toHaveLength(100_000);
});

it.each([
  [[{ role: 'assistant', content: 'a' } as const], ['messages[0].role']],
  [[{ role: 'user', content: '' } as const], ['messages[0].content']],
  [[{ role: 'user', content: [] } as const], ['messages[0].content']],
  [[{ role: 'user' as const, content: [pdf()] }], ['messages[0].content']],
  [
    [
      {
        role: 'user' as const,
        content: [text('a'), { type: 'tool_result' as const, tool_use_id: 'nobody' }],
      },
    ],
    ['messages[0].content[1].tool_use_id', 'tools'],
  ],
])('%j is wrong at %j', (messages, paths) => {
  expect(pathsOf({ messages }).toSorted()).toEqual(paths);
});
