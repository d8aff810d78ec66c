import { expect, it } from 'vitest';
import type { AlarmMetric } from '#core/alarms/alarm-definition.ts';
import { registeredMetric } from '#lib/monitoring/registered-metric.ts';

const unsent: AlarmMetric = {
  ...{ namespace: 'Spillway/Gateway', metricName: 'AuditRecordsUnsent' },
  ...{ dimensions: ['Region'], statistic: 'Sum' },
};

it('is a metric of the registry with values for its dimensions, or none', () => {
  expect(registeredMetric(unsent, { Region: 'us-east-1', Account: '1' })).toEqual({
    ...{ namespace: 'Spillway/Gateway', metricName: 'AuditRecordsUnsent' },
    dimensionsMap: { Region: 'us-east-1' },
  });
  expect(() => registeredMetric(unsent)).toThrow('AuditRecordsUnsent needs a value of Region');
  expect(() => registeredMetric({ ...unsent, dimensions: [] })).toThrow('is no metric of the registry');
});
