import { expect, it } from 'vitest';
import { metricShapeOf } from '#core/metrics/metric-shape.ts';
import { acmeConfig } from '#test/builders/configs.ts';

it('the shape of the bill counts what makes metrics', () => {
  expect(metricShapeOf(acmeConfig())).toEqual({
    accounts: 3,
    accountRegions: 10,
    trackedModels: 3,
    models: 3,
    dedicatedModels: 1,
    gateways: 4,
    auditedGateways: 0,
    tenants: 1,
  });
});
