import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { describeSegmentStore } from '../../port-suites/segment-store.suite.ts';

describeSegmentStore('memory', async () => {
  const now = (): number => Date.UTC(2026, 10, 21, 8);
  const lock = { mode: 'governance', until: '2027-11-21T00:00:00.000Z' } as const;
  return { store: createMemorySegmentStore({ clock: { now }, lock }), now, close: async () => undefined };
});
