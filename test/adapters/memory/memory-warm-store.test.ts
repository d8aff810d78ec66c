import { expect, it } from 'vitest';
import { createMemoryWarmStore } from '#adapters/memory/memory-warm-store.ts';
import { describeWarmStore } from '../../port-suites/warm-store.suite.ts';

describeWarmStore('memory', async () => ({
  open: async () => createMemoryWarmStore(),
  close: async () => undefined,
}));

it('remembers what was told', async () => {
  const store = createMemoryWarmStore();
  const word = { target: 't', pool: 'p', kind: 'awake', at: 1 } as const;
  await store.tell(word);
  expect(store.told).toEqual([word]);
});
