import { expect, it } from 'vitest';
import { createMemoryHealthStore } from '#adapters/memory/memory-health-store.ts';
import { describeHealthStore } from '../../port-suites/health-store.suite.ts';

describeHealthStore('memory', async () => ({
  open: async () => createMemoryHealthStore(),
  close: async () => undefined,
}));

it('remembers what was written, and not what was refused', async () => {
  const store = createMemoryHealthStore('eu-central-1');
  const item = { key: 'a', revision: 1, health: { failures: [], goods: [], tallies: [] } };
  await store.save(item, undefined);
  await store.save(item, undefined);
  expect([store.region, store.writes]).toEqual(['eu-central-1', [item]]);
});
