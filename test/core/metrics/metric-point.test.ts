import { describe, expect, it } from 'vitest';
import { metricPoint } from '#core/metrics/metric-point.ts';

const namespace = 'Spillway/Availability';
const place = { Account: '111111111111', Region: 'us-east-1' };

describe('a metric point', () => {
  it('carries the unit of the registry', () => {
    expect(metricPoint({ namespace, name: 'DiscoveryErrors', value: 2, dimensions: place, at: 5 })).toEqual({
      namespace,
      name: 'DiscoveryErrors',
      unit: 'Count',
      value: 2,
      dimensions: place,
      at: 5,
    });
  });

  it('is none for a zero, unless the registry publishes zeros', () => {
    expect(
      metricPoint({ namespace, name: 'DiscoveryErrors', value: 0, dimensions: place, at: 5 }),
    ).toBeUndefined();
    const age = {
      namespace,
      name: 'DiscoveryAge',
      value: 0,
      dimensions: { Account: '111111111111' },
      at: 5,
    } as const;
    expect(metricPoint(age)?.value).toBe(0);
  });

  it('is refused under a name, a dimension or a value that the registry does not allow', () => {
    expect(() => metricPoint({ namespace, name: 'Invented', value: 1, at: 5 })).toThrow(
      'does not stand in the registry',
    );
    expect(() => metricPoint({ namespace, name: 'DiscoveryErrors', value: 1, at: 5 })).toThrow(
      'has dimensions Account,Region',
    );
    expect(() => metricPoint({ namespace, name: 'BadItems', value: Number.NaN, at: 5 })).toThrow(
      'has the value NaN',
    );
  });
});
