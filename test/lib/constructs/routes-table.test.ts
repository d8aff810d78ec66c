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

  it('lets gateways of other accounts change routes at home and add to their own items, where operators are', () => {
    const roleArn = 'arn:aws:iam::222222222222:role/acme-gateway-eu-west-1';
    const template = built((stack) => {
      const foreignGateways = [{ account: '222222222222', region: 'eu-west-1', roleArn }];
      const replicaRegions = ['eu-west-1', 'eu-west-2'];
      const operatedModels = ['chat'];
      new RoutesTable(stack, 'Routes', {
        deployment: 'acme',
        ...home,
        ...{ replicaRegions, foreignGateways, operatedModels },
      });
    });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    const granted = table?.Properties.Replicas.map(
      ({ Region, ResourcePolicy }: { Region: string; ResourcePolicy?: { PolicyDocument: PolicyJson } }) => [
        Region,
        (ResourcePolicy?.PolicyDocument.Statement ?? [])
          .filter(({ Sid }) => Sid.startsWith('Operate'))
          .map(({ Sid, Condition }) => {
            expect(Condition.ArnEquals['aws:PrincipalArn']).toEqual([roleArn].flat());
            return [Sid, Condition['ForAllValues:StringEquals']['dynamodb:LeadingKeys']];
          }),
      ],
    );
    expect(Object.fromEntries(granted)).toEqual({
      'eu-west-1': [['OperateHere', ['#control#eu-west-1', '#audit#eu-west-1']]],
      'eu-west-2': [],
      'us-east-1': [
        ['OperateRoutes', ['chat', '#control#us-east-1']],
        ['OperateHistory', ['history#chat']],
      ],
    });
  });
});

interface PolicyJson {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>> & {
      readonly ArnEquals: Readonly<Record<string, unknown>>;
      readonly 'ForAllValues:StringEquals': Readonly<Record<string, unknown>>;
    };
  }[];
}
