import { describe, expect, it } from 'vitest';
import { ControlsTable, type ControlsTableProps } from '#lib/constructs/controls-table.ts';
import { createReplicatedTable } from '#lib/constructs/replicated-table.ts';
import { StrongSet } from '#lib/constructs/strong-set.ts';
import { built, home } from '#test/lib/built.ts';

const roleArn = 'arn:aws:iam::222222222222:role/acme-gateway-us-east-2';
const foreignGateways = [{ account: '222222222222', region: 'us-east-2', roleArn }];
const three = StrongSet.ofCopies('us-east-1', 'us-east-2', 'us-west-2');

function tableOf(props: Partial<ControlsTableProps> = {}) {
  const template = built((stack) => {
    new ControlsTable(stack, 'Controls', { deployment: 'acme', ...home, set: three, ...props });
  });
  return Object.entries(template.findResources('AWS::DynamoDB::GlobalTable'));
}

function statementsOf(props: Partial<ControlsTableProps>) {
  const [[, table] = ['', undefined]] = tableOf(props);
  const replicas: readonly {
    Region: string;
    ResourcePolicy?: { PolicyDocument: { Statement: { Sid: string; Action: unknown }[] } };
  }[] = table?.Properties.Replicas;
  return replicas.flatMap(({ Region, ResourcePolicy }) =>
    (ResourcePolicy?.PolicyDocument.Statement ?? []).map((statement) => ({ Region, ...statement })),
  );
}

describe('ControlsTable', () => {
  it('is strongly consistent over its set from the first day, outlives its stack and lets nothing vanish', () => {
    const [[id, table] = ['', undefined], ...others] = tableOf();
    expect(others).toEqual([]);
    expect(id).toBe('ControlsTable89CCF52B');
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'acme-controls',
        MultiRegionConsistency: 'STRONG',
        KeySchema: [
          { AttributeName: 'region', KeyType: 'HASH' },
          { AttributeName: 'item', KeyType: 'RANGE' },
        ],
      },
    });
    const { Replicas, GlobalTableWitnesses, TimeToLiveSpecification } = table?.Properties ?? {};
    expect(Replicas.map(({ Region }: { Region: string }) => Region).sort()).toEqual([...three.copies].sort());
    for (const replica of Replicas)
      expect(replica).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    expect([GlobalTableWitnesses, TimeToLiveSpecification]).toEqual([undefined, undefined]);
  });

  it('has a witness in place of the third copy', () => {
    const [[, table] = ['', undefined]] = tableOf({
      set: StrongSet.withWitness('us-east-1', 'us-west-2', 'us-east-2'),
    });
    expect(table?.Properties.Replicas).toHaveLength(2);
    expect(table?.Properties.GlobalTableWitnesses).toEqual([{ Region: 'us-east-2' }]);
  });

  it('is read by gateways of other accounts in their own region alone, and by nobody of them elsewhere', () => {
    expect(statementsOf({})).toEqual([]);
    expect(statementsOf({ foreignGateways })).toMatchObject([
      {
        Region: 'us-east-2',
        Sid: 'ReadControls',
        Action: 'dynamodb:Query',
        Resource: 'arn:aws:dynamodb:us-east-2:111111111111:table/acme-controls',
        Condition: { ArnEquals: { 'aws:PrincipalArn': [roleArn] } },
      },
    ]);
  });

  it('takes the words of an operated gateway in its own partition, and in that of home', () => {
    const statements = statementsOf({ foreignGateways, operated: true });
    expect(statements.map(({ Region, Sid }) => `${Region} ${Sid}`).sort()).toEqual([
      'us-east-1 ReadControls',
      'us-east-1 SayControls',
      'us-east-2 ReadControls',
      'us-east-2 SayControls',
    ]);
    expect(
      statements.find(({ Region, Sid }) => Region === 'us-east-1' && Sid === 'SayControls'),
    ).toMatchObject({
      Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['us-east-1'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  });

  it('is refused where a time to live is asked for', () => {
    const build = () =>
      built((stack) => {
        createReplicatedTable(stack, {
          deployment: 'acme',
          kind: 'controls',
          ...home,
          keys: { partition: 'region', sort: 'item' },
          replicaRegions: three.copiesBeside('us-east-1'),
          policyFor: () => undefined,
          strong: three,
          timeToLiveAttribute: 'expiresAt',
        });
      });
    expect(build).toThrow(
      'timeToLiveAttribute expiresAt: a strongly consistent table has no time to live; leave it out',
    );
  });
});
