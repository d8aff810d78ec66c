import { expect, it } from 'vitest';
import { pathsOf } from './translate.ts';

const thinking = { type: 'enabled', budget_tokens: 2048 } as const;
const tools = [{ name: 'look', input_schema: { type: 'object' } }];
const format = { type: 'json_schema', schema: { type: 'object' } } as const;

it.each([
  [{}, []],
  [{ max_tokens: 2049 }, []],
  [{ max_tokens: 2048 }, ['thinking.budget_tokens']],
  [{ temperature: 1 }, []],
  [{ temperature: 0.9 }, ['temperature']],
  [{ top_p: 0.95 }, []],
  [{ top_p: 0.94 }, ['top_p']],
  [{ top_k: 5 }, ['top_k']],
  [{ tools, tool_choice: { type: 'auto' } as const }, []],
  [{ tools, tool_choice: { type: 'none' } as const }, []],
  [{ tools, tool_choice: { type: 'any' } as const }, ['tool_choice.type']],
  [{ tools, tool_choice: { type: 'tool', name: 'look' } as const }, ['tool_choice.type']],
  [{ output_config: { format } }, []],
])('with thinking, %j is wrong at %j', (changes, paths) => {
  expect(pathsOf({ thinking, ...changes })).toEqual(paths);
});

it('lets all that stand without thinking', () => {
  const changes = { temperature: 0.1, top_p: 0.1, top_k: 5, tools, tool_choice: { type: 'any' } as const };
  expect(pathsOf({ ...changes, thinking: { type: 'disabled' } })).toEqual([]);
  expect(pathsOf(changes)).toEqual([]);
});
