import { describe, expect, it } from 'vitest';
import { aDeployedStack, billedItems } from '#test/builders/a-deployed-stack.ts';

describe('billTables', () => {
  it('stores and writes routes in every region that has a copy of them', () => {
    const table = (regions: readonly string[]) =>
      aDeployedStack('State-us-east-1', {
        Routes: [
          'DynamoDB::GlobalTable',
          {
            TableName: 'acme-routes',
            Replicas: regions.map((Region) => ({
              Region,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: Region === 'us-east-1' },
            })),
          },
        ],
      });
    const alone = billedItems([table(['us-east-1'])]);
    const copied = billedItems([table(['us-east-1', 'eu-west-1', 'ap-northeast-1'])]);
    // 90 changes, each of two residencies' routes of 6 KB and of their versions.
    expect(alone['dynamodb-write routes']).toBe(1_350);
    expect(copied['dynamodb-replicated-write routes']).toBe(4_050);
    expect(alone['dynamodb-storage routes']).toBe(177);
    expect(copied['dynamodb-storage routes']).toBe(532);
    expect(copied['dynamodb-pitr routes']).toBe(alone['dynamodb-pitr routes']);
  });

  it('stores reports, and the changes of three months beside them', () => {
    const stack = aDeployedStack('State-us-east-1', {
      Observations: ['DynamoDB::GlobalTable', { TableName: 'acme-observations' }],
    });
    // Three reports of 4 KB and 810 changes of 512 bytes, at USD 0.25 for 2^30 bytes.
    expect(billedItems([stack])['dynamodb-storage observations']).toBe(99);
  });

  it('reads the strongly consistent set with the routes, the words of each region by themselves', () => {
    const Replicas = ['us-east-1', 'us-west-2'].map((Region) => ({ Region }));
    const stack = aDeployedStack('State-us-east-1', {
      Controls: ['DynamoDB::GlobalTable', { TableName: 'acme-controls', Replicas }],
    });
    // Twice for each of a million requests, 8,760 plans on the clock and 90 changes.
    expect(billedItems([stack])).toEqual({ 'dynamodb-read controls': 252_212 });
  });
});
