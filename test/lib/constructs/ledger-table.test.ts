import { describe, expect, it } from 'vitest';
import { LedgerTable } from '#lib/constructs/ledger-table.ts';
import { built, home } from '#test/lib/built.ts';

describe('LedgerTable', () => {
  it('stands in one region, forgets idle tenants, and goes with its stack', () => {
    const template = built((stack) => {
      new LedgerTable(stack, 'Ledger', { deployment: 'acme', ...home });
    });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(table).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        TableName: 'acme-ledger',
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [{ Region: home.region }],
      },
    });
  });
});
