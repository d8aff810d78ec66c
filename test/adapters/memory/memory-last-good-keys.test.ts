import { expect, it } from 'vitest';
import { createMemoryLastGoodKeys } from '#adapters/memory/memory-last-good-keys.ts';
import { aKey } from '#test/builders/a-key.ts';

it('the last good keys in memory are what was saved last', async () => {
  const store = createMemoryLastGoodKeys();
  expect(await store.load()).toBeUndefined();
  const snapshot = { savedAt: 1, keys: [aKey()] };
  await store.save(snapshot);
  expect(await store.load()).toEqual(snapshot);
});
