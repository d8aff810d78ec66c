import { Key } from 'aws-cdk-lib/aws-kms';
import { expect, it } from 'vitest';
import { grantWitness } from '#lib/permissions/witness-chains.ts';
import { gatewayPlaces } from '#lib/places.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

const config = checkedConfig(acme);

it('lets a role read the head of every chain, sign, and add roots that it can neither read nor change', () => {
  const template = built((stack) => {
    grantWitness(someFunction(stack), { config, key: new Key(stack, 'Key') });
  });
  expect(statementOf(template, 'ReadAuditHeads')).toMatchObject({
    Action: ['dynamodb:GetItem'],
    Resource: gatewayPlaces(config)
      .map(({ account, region }) => `arn:aws:dynamodb:${region}:${account}:table/acme-audit`)
      .sort(),
  });
  expect(statementOf(template, 'UseGatewayKeys').Condition).toMatchObject({
    'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/acme-gateway' },
  });
  expect(statementOf(template, 'SignRoots')).toMatchObject({ Action: ['kms:Sign'] });
  const bucket = 'arn:aws:s3:::acme-roots-111111111111-us-east-1';
  expect(statementOf(template, 'AddRoots')).toMatchObject({
    Action: ['s3:PutObject'],
    Resource: [`${bucket}/roots/*`],
  });
  expect(statementOf(template, 'FindRoots')).toMatchObject({
    Action: ['s3:ListBucketVersions'],
    Resource: [bucket],
  });
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toMatch(/s3:(Delete|Get)/);
});
