import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { createReplicatedTable } from '#lib/constructs/replicated-table.ts';
import { built } from '#test/lib/built.ts';

it('hands the home region’s policy to no replica, where it would name the wrong table', () => {
  const statement = { actions: ['dynamodb:Query'], resources: ['*'], principals: [] };
  const template = built((stack) => {
    createReplicatedTable(stack, {
      deployment: 'acme',
      kind: 'routes',
      keys: { partition: 'model', sort: 'residency' },
      region: 'us-east-1',
      replicaRegions: ['eu-west-1'],
      policyFor: (region) =>
        region === 'us-east-1'
          ? new PolicyDocument({ statements: [new PolicyStatement(statement)] })
          : undefined,
    });
  });
  const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
  const open = table?.Properties.Replicas.filter((replica: object) => 'ResourcePolicy' in replica);
  expect(open.map(({ Region }: { Region: string }) => Region)).toEqual(['us-east-1']);
  expect(table).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { SSESpecification: { SSEEnabled: false }, BillingMode: 'PAY_PER_REQUEST' },
  });
});
