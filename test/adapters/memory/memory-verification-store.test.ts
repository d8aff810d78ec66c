import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { describeVerificationStore } from '../../port-suites/verification-store.suite.ts';

describeVerificationStore('memory', async () => ({
  store: createMemoryVerificationStore(),
  close: async () => undefined,
}));
