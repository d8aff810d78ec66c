import { expect, it } from 'vitest';
import { RecentEntries } from '#usecases/gateway/recent-entries.ts';

it('keeps the entries that were set last', () => {
  const entries = new RecentEntries<number>(2);
  entries.set('a', 1);
  entries.set('b', 2);
  entries.set('a', 3);
  entries.set('c', 4);
  expect(['a', 'b', 'c'].map((key) => entries.get(key))).toEqual([3, undefined, 4]);
});
