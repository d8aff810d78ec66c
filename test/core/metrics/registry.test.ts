import { describe, expect, it } from 'vitest';
import { findMetric, metricRegistry, monthlyBillUsd } from '#core/metrics/registry.ts';
import acme from '#examples/acme.config.ts';
import enterprise from '#examples/enterprise.config.ts';
import { parsedConfig } from '#test/builders/configs.ts';
import { metricShapeOf } from '#usecases/plan/control-setting.ts';

describe('the registry', () => {
  it('names every metric once', () => {
    const names = metricRegistry.map((each) => `${each.namespace}/${each.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(findMetric('Spillway/Availability', 'Targets')?.dimensions).toEqual([
      'Account',
      'Region',
      'Group',
    ]);
    expect(findMetric('Spillway/Gateway', 'Targets')).toBeUndefined();
  });

  it('keeps to what CloudWatch takes', () => {
    for (const each of metricRegistry) {
      expect(each.name).toMatch(/^[A-Z][A-Za-z]{2,40}$/);
      expect(each.dimensions.length).toBeLessThanOrEqual(3);
      expect(each.meaning).toMatch(/^[A-Z].*\.$/s);
    }
  });
});

describe('the monthly bill', () => {
  it('is the number of metrics times the price of one', () => {
    const none = {
      accounts: 0,
      accountRegions: 0,
      trackedModels: 0,
      models: 0,
      dedicatedModels: 0,
      gateways: 0,
    };
    // Six of plan's and the sink's without dimensions, three outcomes of probes.
    expect(monthlyBillUsd(none)).toBe(2.4);
    expect(monthlyBillUsd({ ...none, accountRegions: 1, trackedModels: 2 })).toBe(2.4 + 8 * 0.3);
  });

  it('of the example stays under USD 150 at the very most, every metric and outcome seen', () => {
    const config = parsedConfig(acme);
    expect(monthlyBillUsd(metricShapeOf(config))).toBeLessThan(150);
  });

  it('of 30 accounts in 21 regions with 3 models stays under USD 2,100, discovery’s part under 3 a region', () => {
    const shape = metricShapeOf(parsedConfig(enterprise));
    expect(shape.accountRegions).toBe(630);
    expect(monthlyBillUsd(shape)).toBeLessThan(2_100);
    const discovery = metricRegistry
      .filter((each) => each.writer === 'discover')
      .reduce((sum, each) => sum + each.countMax(shape), 0);
    expect((discovery / shape.accountRegions) * 0.3).toBeLessThan(3);
  });
});
