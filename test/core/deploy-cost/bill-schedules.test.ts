import { describe, expect, it } from 'vitest';
import { defaultUsage } from '#core/deploy-cost/usage.ts';
import { aClock, aDeployedStack, aDiscoveryStack, billedItems } from '#test/builders/a-deployed-stack.ts';

describe('billSchedules', () => {
  it('has its clock, its runs, its log, its metrics and what it does to the tables of the home region', () => {
    expect(billedItems([aDiscoveryStack()])).toEqual({
      'scheduler-invocation discover': 43_800,
      'lambda-request discover': 8_760,
      // 43,800 runs of 3 s with half a GiB.
      'lambda-duration discover': 876_004,
      'cloudwatch-put discover': 438_000,
      'logs-ingestion discover': 20_396,
      'logs-storage discover': 1_224,
      'dynamodb-write observations': 27_581,
      'dynamodb-read observations': 10_950,
      'kms-request observations': 26_280,
      // Two models, four groups, errors, lost points.
      'cloudwatch-metric discovery': 8 * 300_000,
    });
  });

  it('grows with the time of a run and with how often it runs, and not with requests', () => {
    const slow = { ...defaultUsage, runMs: { ...defaultUsage.runMs, discover: 6_000 } };
    expect(billedItems([aDiscoveryStack()], { usage: slow })['lambda-duration discover']).toBe(1_752_009);
    const busy = { ...defaultUsage, requests: 1_000_000_000 };
    expect(billedItems([aDiscoveryStack()], { usage: busy })).toEqual(billedItems([aDiscoveryStack()]));
  });

  it('lets what rests cost nothing', () => {
    const resting = aDeployedStack('Control-111111111111-us-west-2', {
      Plan: ['Lambda::Function', { FunctionName: 'acme-plan' }],
      Clock: ['Scheduler::Schedule', aClock('rate(5 minutes)', 'Plan', 'DISABLED')],
    });
    expect(billedItems([resting])).toEqual({});
  });

  it('takes a function that it does not know by its timeout', () => {
    const other = aDeployedStack('Other-us-east-1', {
      Sweep: ['Lambda::Function', { FunctionName: 'acme-sweep', MemorySize: 1_024, Timeout: 100 }],
      Clock: ['Scheduler::Schedule', aClock('rate(730 hours)', 'Sweep')],
    });
    expect(billedItems([other])['lambda-duration sweep']).toBe(1_333);
  });
});
