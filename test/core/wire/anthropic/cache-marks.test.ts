import { expect, it } from 'vitest';
import { pathsOf, requestOf } from './translate.ts';

const mark = { cache_control: { type: 'ephemeral' } } as const;
const long = { cache_control: { type: 'ephemeral', ttl: '1h' } } as const;
const text = (count: number, marked: object = mark) =>
  Array.from({ length: count }, () => ({ type: 'text' as const, text: 'a', ...marked }));
const user = (content: ReturnType<typeof text>) => [{ role: 'user' as const, content }];
const tool = { name: 'look', input_schema: { type: 'object' } };

it('makes points of marks, where they stand', () => {
  const request = requestOf({
    tools: [{ ...tool, ...long }],
    system: [
      { type: 'text', text: 'a', ...long },
      { type: 'text', text: 'b' },
    ],
    messages: user(text(1)),
    ...mark,
  });
  expect(request.tools?.specifications[0]?.cachePoint).toEqual({ ttl: '1h' });
  expect(request.system).toEqual([{ text: 'a' }, { cachePoint: { ttl: '1h' } }, { text: 'b' }]);
  expect(request.messages[0]?.content).toEqual([{ text: 'a' }, { cachePoint: {} }]);
});

it('puts the point of a mark at the whole behind the last block', () => {
  expect(requestOf(long).messages[0]?.content).toEqual([{ text: 'hello' }, { cachePoint: { ttl: '1h' } }]);
});

it('takes four marks and no fifth, wherever they stand', () => {
  expect(pathsOf({ messages: user(text(4)) })).toEqual([]);
  expect(pathsOf({ messages: user(text(5)) })).toEqual(['cache_control']);
  expect(pathsOf({ messages: user(text(4)), ...mark })).toEqual(['cache_control']);
  expect(pathsOf({ messages: user(text(2)), system: text(2), tools: [{ ...tool, ...mark }] })).toEqual([
    'cache_control',
  ]);
});

it('wants what is kept longer first', () => {
  expect(pathsOf({ system: text(1, long), messages: user(text(1)) })).toEqual([]);
  expect(pathsOf({ system: text(1), messages: user(text(1, long)) })).toEqual(['cache_control']);
});
