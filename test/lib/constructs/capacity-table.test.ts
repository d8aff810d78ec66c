import { describe, expect, it } from 'vitest';
import { CapacityTable } from '#lib/constructs/capacity-table.ts';
import { built, home } from '#test/lib/built.ts';

describe('CapacityTable', () => {
  it('stands in one region, forgets idle pages, and goes with its stack', () => {
    const template = built((stack) => {
      new CapacityTable(stack, 'Capacity', { deployment: 'acme', ...home });
    });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(table).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        TableName: 'acme-capacity',
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [{ Region: home.region }],
      },
    });
  });
});
