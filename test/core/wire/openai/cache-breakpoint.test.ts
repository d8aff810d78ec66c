import { expect, it } from 'vitest';
import { cachePointAfter, refuseCacheMarks } from '#core/wire/openai/cache-breakpoint.ts';

const marked = { prompt_cache_breakpoint: { mode: 'explicit' } } as const;

it('is a cache point behind the part that is marked, and none elsewhere', () => {
  expect(cachePointAfter(marked)).toEqual([{ cachePoint: {} }]);
  expect(cachePointAfter({ prompt_cache_breakpoint: null })).toEqual([]);
  expect(cachePointAfter({})).toEqual([]);
});

it('is refused in results of calls, part by part', () => {
  const found: string[] = [];
  refuseCacheMarks([{}, marked], 'input[2].output', (path) => found.push(path));
  expect(found).toEqual(['input[2].output[1].prompt_cache_breakpoint']);
});
