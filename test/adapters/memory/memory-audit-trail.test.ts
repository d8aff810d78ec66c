import { createMemoryAuditTrail } from '#adapters/memory/memory-audit-trail.ts';
import { describeAuditTrail } from '../../port-suites/audit-trail.suite.ts';

describeAuditTrail('memory', async () => {
  const trail = createMemoryAuditTrail();
  let seen = 0;
  return {
    trail,
    handedOver: async () => {
      const fresh = trail.records.slice(seen);
      seen = trail.records.length;
      return fresh;
    },
    close: async () => undefined,
  };
});
