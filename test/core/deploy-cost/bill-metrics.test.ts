import { describe, expect, it } from 'vitest';
import { deploymentBill, sumOf } from '#core/deploy-cost/deployment-bill.ts';
import { METRIC_USD_PER_MONTH, monthlyBillUsd } from '#core/metrics/registry.ts';
import { aDeployment, billSetting } from '#test/builders/a-deployed-stack.ts';

describe('billMetrics', () => {
  it('has exactly the custom metrics that the registry counts, at the registry’s price', () => {
    const { items } = deploymentBill(aDeployment, billSetting);
    const metrics = items.filter(({ item }) => item === 'cloudwatch-metric');
    expect(sumOf(metrics) / 1_000_000).toBeCloseTo(monthlyBillUsd(billSetting.shape), 6);
    expect(billSetting.prices.priceOf('cloudwatch-metric').microUsd / 1_000_000).toBe(METRIC_USD_PER_MONTH);
  });
});
