import { describe, expect, it } from 'vitest';
import {
  concurrentRequestsMetric,
  kvReservedShareMetric,
  noCapacityFailuresMetric,
} from '#lib/constructs/dedicated/endpoint-metrics.ts';

describe('metrics of an endpoint', () => {
  it('count requests in flight every ten seconds', () => {
    const { namespace, metricName, dimensions, period, statistic } = concurrentRequestsMetric('copies');
    expect({ namespace, metricName, dimensions, seconds: period.toSeconds(), statistic }).toEqual({
      namespace: 'AWS/SageMaker',
      metricName: 'ConcurrentRequestsPerCopy',
      dimensions: { InferenceComponentName: 'copies' },
      seconds: 10,
      statistic: 'Average',
    });
  });

  it('count calls that found no copy, by the minute', () => {
    const { metricName, period, statistic } = noCapacityFailuresMetric('copies');
    expect([metricName, period.toSeconds(), statistic]).toEqual(['NoCapacityInvocationFailures', 60, 'Sum']);
  });

  it('tell the cache of a model as the gateway measures it', () => {
    expect(kvReservedShareMetric('chat')).toEqual({
      namespace: 'Spillway/Gateway',
      metricName: 'KvReservedShare',
      dimensions: { Model: 'chat' },
    });
  });
});
