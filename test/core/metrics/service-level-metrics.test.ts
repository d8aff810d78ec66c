import { expect, it } from 'vitest';
import { metricRegistry } from '#core/metrics/registry.ts';
import { serviceLevelMetrics } from '#core/metrics/service-level-metrics.ts';

it('is one of each for a whole gateway region, whatever models it has', () => {
  const shape = {
    ...{ accounts: 1, accountRegions: 9, trackedModels: 9, models: 40, dedicatedModels: 9, tenants: 9 },
    ...{ gateways: 3, auditedGateways: 3 },
  };
  for (const each of serviceLevelMetrics) {
    expect(each.dimensions).toEqual([]);
    expect(each.countMax(shape)).toBe(3);
    expect(metricRegistry).toContain(each);
  }
});
