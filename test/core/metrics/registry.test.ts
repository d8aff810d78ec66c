import { describe, expect, it } from 'vitest';
import { metricShapeOf } from '#core/metrics/metric-shape.ts';
import { findMetric, metricRegistry, monthlyBillUsd } from '#core/metrics/registry.ts';
import acme from '#examples/acme.config.ts';
import enterprise from '#examples/enterprise.config.ts';
import regulated from '#examples/regulated.config.ts';
import world from '#examples/world.config.ts';
import { parsedConfig } from '#test/builders/configs.ts';

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
      auditedGateways: 0,
      tenants: 0,
    };
    // Six of plan's and the sink's without dimensions, three outcomes of probes.
    expect(monthlyBillUsd(none)).toBe(2.4);
    expect(monthlyBillUsd({ ...none, accountRegions: 1, trackedModels: 2 })).toBe(2.4 + 8 * 0.3);
  });

  it.each(Object.entries({ acme, world, enterprise, regulated }))(
    'of %s stays under its budget, every metric and outcome seen',
    (_, example) => {
      const config = parsedConfig(example);
      expect(monthlyBillUsd(metricShapeOf(config))).toBeLessThanOrEqual(config.metrics.budgetUsdPerMonth);
    },
  );

  it('of 30 accounts in 21 regions is mostly discovery’s, under USD 3 a region', () => {
    const shape = metricShapeOf(parsedConfig(enterprise));
    expect(shape.accountRegions).toBe(630);
    const discovery = metricRegistry
      .filter((each) => each.writer === 'discover')
      .reduce((sum, each) => sum + each.countMax(shape), 0);
    expect((discovery / shape.accountRegions) * 0.3).toBeLessThan(3);
  });
});
