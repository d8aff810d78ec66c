import { describe, expect, it } from 'vitest';
import { TenantsTable } from '#lib/constructs/tenants-table.ts';
import { built, home } from '#test/lib/built.ts';

interface Replica {
  readonly Region: string;
  readonly ResourcePolicy?: { readonly PolicyDocument: { readonly Statement: readonly unknown[] } };
}

describe('TenantsTable', () => {
  it('lets a gateway of another account read all keys of its own region’s replica, and nothing else', () => {
    const roleArn = 'arn:aws:iam::222222222222:role/acme-gateway-eu-west-1';
    const template = built((stack) => {
      new TenantsTable(stack, 'Tenants', {
        deployment: 'acme',
        ...home,
        replicaRegions: ['eu-west-1', 'eu-west-2'],
        foreignGateways: [{ account: '222222222222', region: 'eu-west-1', roleArn }],
      });
    });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    const replicas: readonly Replica[] = table?.Properties.Replicas;
    const open = replicas.filter(({ ResourcePolicy }) => ResourcePolicy !== undefined);
    expect(open.map(({ Region }) => Region)).toEqual(['eu-west-1']);
    expect(open[0]?.ResourcePolicy?.PolicyDocument.Statement).toMatchObject([
      {
        Action: 'dynamodb:Scan',
        Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/acme-tenants',
        Condition: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
      },
    ]);
  });

  it('lets no item vanish by itself', () => {
    const template = built((stack) => {
      new TenantsTable(stack, 'Tenants', { deployment: 'acme', ...home, replicaRegions: [] });
    });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(table?.Properties.TimeToLiveSpecification).toBeUndefined();
  });
});
