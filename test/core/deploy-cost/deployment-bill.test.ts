import { describe, expect, it } from 'vitest';
import { deploymentBill, sumOf } from '#core/deploy-cost/deployment-bill.ts';
import { aDeployment, aDiscoveryStack, billSetting } from '#test/builders/a-deployed-stack.ts';

describe('deploymentBill', () => {
  it('adds up: items, stacks and the whole', () => {
    const bill = deploymentBill(aDeployment, billSetting);
    expect(sumOf(bill.items)).toBe(bill.microUsd);
    expect(sumOf(bill.stacks)).toBe(bill.microUsd);
    for (const { lines, microUsd } of bill.stacks) expect(sumOf(lines)).toBe(microUsd);
  });

  it('costs what it costs in any place, and the dearest one is told', () => {
    const bill = deploymentBill([aDiscoveryStack(), aDiscoveryStack('eu-west-1')], billSetting);
    expect(bill.stacks.map(({ microUsd }) => microUsd)).toEqual([3_852_995, 3_852_995]);
    expect(bill.discoveryMicroUsdMax).toBe(3_852_995);
  });
});
