import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { RegionKey } from '#lib/constructs/region-key.ts';
import { createReplicatedTable } from '#lib/constructs/replicated-table.ts';
import { built } from '#test/lib/built.ts';

it('hands the home region’s policy to no replica, where it would name the wrong table', () => {
  const statement = { actions: ['dynamodb:Query'], resources: ['*'], principals: [] };
  const template = built((stack) => {
    createReplicatedTable(stack, {
      deployment: 'acme',
      account: '111111111111',
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

it('is encrypted in each region under that region’s key, the replicas’ known by their alias', () => {
  const template = built((stack) => {
    const key = RegionKey.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/at-home');
    createReplicatedTable(stack, {
      ...{ deployment: 'acme', account: '111111111111', region: 'us-east-1', key },
      ...{ kind: 'routes', keys: { partition: 'model', sort: 'residency' } },
      replicaRegions: ['eu-west-1'],
      policyFor: () => undefined,
    });
  });
  const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
  expect(table?.Properties).toMatchObject({
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [
      {
        Region: 'eu-west-1',
        SSESpecification: { KMSMasterKeyId: 'arn:aws:kms:eu-west-1:111111111111:alias/acme-state' },
      },
      {
        Region: 'us-east-1',
        SSESpecification: { KMSMasterKeyId: 'arn:aws:kms:us-east-1:111111111111:key/at-home' },
      },
    ],
  });
});
