import { expect, it } from 'vitest';
import { createMemoryLastGoodKeySets } from '#adapters/memory/memory-last-good-key-sets.ts';

it('the last good key sets in memory are what was saved last', async () => {
  const store = createMemoryLastGoodKeySets();
  expect(await store.load()).toBeUndefined();
  const keySets = new Map([['https://login.example.com/keys', { keys: [] }]]);
  await store.save(keySets);
  expect(await store.load()).toEqual(keySets);
});
