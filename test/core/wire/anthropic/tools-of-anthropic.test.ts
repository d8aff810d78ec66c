import { expect, it } from 'vitest';
import { pathsOf, requestOf } from './translate.ts';

const tool = { name: 'look', description: 'Looks.', input_schema: { type: 'object' }, strict: true };
const other = { name: 'hear', description: '', input_schema: { type: 'object' }, strict: false };
const tools = [tool, other];
const used = [
  { role: 'user', content: 'hello' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok' }] },
] as const;

it('carries tools, and choices as they are', () => {
  expect(requestOf({ tools }).tools).toEqual({
    specifications: [
      { name: 'look', description: 'Looks.', inputSchema: { type: 'object' }, strict: true },
      { name: 'hear', inputSchema: { type: 'object' } },
    ],
    choice: { kind: 'auto' },
  });
  expect(requestOf({ tools, tool_choice: { type: 'any' } }).tools?.choice).toEqual({ kind: 'any' });
  const forced = { type: 'tool', name: 'hear' } as const;
  expect(requestOf({ tools, tool_choice: forced }).tools?.choice).toEqual({ kind: 'tool', name: 'hear' });
  expect(requestOf({ tools, tool_choice: { type: 'none' } }).tools).toBeUndefined();
});

it('keeps the tools that a conversation used where none may be called', () => {
  expect(requestOf({ tools, messages: used, tool_choice: { type: 'none' } }).tools).toMatchObject({
    specifications: [{ name: 'look' }, { name: 'hear' }],
    choice: { kind: 'none' },
  });
});

it.each([
  [{ tools: [tool, tool] }, ['tools']],
  [{ tools, tool_choice: { type: 'tool', name: 'smell' } as const }, ['tool_choice.name']],
  [{ tool_choice: { type: 'any' } as const }, ['tool_choice']],
  [{ tool_choice: { type: 'tool', name: 'look' } as const }, ['tool_choice']],
  [{ messages: used }, ['tools']],
  [{ messages: used, tools }, []],
])('%j is wrong at %j', (changes, paths) => {
  expect(pathsOf(changes)).toEqual(paths);
});
