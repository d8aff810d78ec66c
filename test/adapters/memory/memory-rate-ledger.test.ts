import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { describeRateLedger } from '../../port-suites/rate-ledger.suite.ts';

describeRateLedger('memory', async () => {
  const ledger = createMemoryRateLedger();
  return { ledgers: [ledger, ledger], close: async () => undefined };
});
