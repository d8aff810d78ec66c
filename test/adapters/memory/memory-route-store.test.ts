import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { describeRouteStore } from '../../port-suites/route-store.suite.ts';

describeRouteStore('memory', async () => ({
  open: async () => createMemoryRouteStore(),
  close: async () => undefined,
}));
