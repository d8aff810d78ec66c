import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { describeRefusalLedger } from '../../port-suites/refusal-ledger.suite.ts';

describeRefusalLedger('memory', async () => ({
  ledger: createMemoryRefusalLedger(),
  close: async () => undefined,
}));
