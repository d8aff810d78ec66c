import { describe, expect, it } from 'vitest';
import { RoutesTable } from '#lib/constructs/routes-table.ts';
import { built, home } from '#test/lib/built.ts';

describe('RoutesTable', () => {
  it('gives each replica a policy for the gateways of its own region only', () => {
    const foreignGateways = ['eu-west-1', 'us-east-1'].map((region) => ({
      account: '222222222222',
      region,
      roleArn: `arn:aws:iam::222222222222:role/acme-gateway-${region}`,
    }));
    const template = built((stack) => {
      const replicaRegions = ['eu-west-1', 'eu-west-2'];
      new RoutesTable(stack, 'Routes', { deployment: 'acme', ...home, replicaRegions, foreignGateways });
    });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    const policies: Record<string, string> = Object.fromEntries(
      table?.Properties.Replicas.map((replica: { Region: string; ResourcePolicy?: unknown }) => [
        replica.Region,
        JSON.stringify(replica.ResourcePolicy ?? ''),
      ]),
    );
    expect(Object.keys(policies).sort()).toEqual(['eu-west-1', 'eu-west-2', 'us-east-1']);
    expect(policies['eu-west-1']).toContain('role/acme-gateway-eu-west-1');
    expect(policies['eu-west-1']).not.toContain('us-east-1');
    expect(policies['us-east-1']).toContain('role/acme-gateway-us-east-1');
    expect(policies['eu-west-2']).toBe('""');
  });
});
