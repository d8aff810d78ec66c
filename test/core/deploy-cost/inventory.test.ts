import { describe, expect, it } from 'vitest';
import { countByKind, inventoryOf } from '#core/deploy-cost/inventory.ts';
import { aDeployedStack, aDiscoveryStack } from '#test/builders/a-deployed-stack.ts';

describe('inventoryOf', () => {
  it('lists each account’s regions and stacks with their resources by kind', () => {
    const other = {
      ...aDeployedStack('Access-222222222222', { Role: ['IAM::Role'] }),
      account: '222222222222',
    };
    const inventory = inventoryOf([aDiscoveryStack('us-west-2'), other, aDiscoveryStack()]);
    const resources = { 'Lambda::Function': 1, 'Scheduler::Schedule': 1 };
    expect(inventory).toEqual([
      {
        account: '111111111111',
        regions: ['us-east-1', 'us-west-2'],
        stacks: [
          { stack: 'Discovery-111111111111-us-west-2', region: 'us-west-2', resources },
          { stack: 'Discovery-111111111111-us-east-1', region: 'us-east-1', resources },
        ],
      },
      {
        account: '222222222222',
        regions: ['us-east-1'],
        stacks: [{ stack: 'Access-222222222222', region: 'us-east-1', resources: { 'IAM::Role': 1 } }],
      },
    ]);
  });

  it('counts in the order of names', () => {
    expect(Object.entries(countByKind(['b', 'a', 'b']))).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});
