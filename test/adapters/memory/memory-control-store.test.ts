import { createMemoryControlStore, createMemoryControls } from '#adapters/memory/memory-control-store.ts';
import { describeControlStore } from '../../port-suites/control-store.suite.ts';

describeControlStore('memory', async () => ({
  open: async ([one, other]) => {
    const controls = createMemoryControls();
    return [createMemoryControlStore(one, controls), createMemoryControlStore(other, controls)];
  },
  close: async () => undefined,
}));
