import { expect, it } from 'vitest';
import { grantUseStateKeys } from '#lib/permissions/use-state-keys.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

it('lets a role use the keys that carry the alias, in these regions and through DynamoDB alone', () => {
  const template = built((stack) => {
    grantUseStateKeys(someFunction(stack), acme, ['us-east-1', 'eu-west-1', 'us-east-1']);
  });
  expect(statementOf(template, 'UseStateKeys')).toMatchObject({
    Action: ['kms:Decrypt'],
    Resource: ['arn:aws:kms:eu-west-1:111111111111:key/*', 'arn:aws:kms:us-east-1:111111111111:key/*'],
    Condition: {
      StringEquals: {
        'kms:ViaService': ['dynamodb.eu-west-1.amazonaws.com', 'dynamodb.us-east-1.amazonaws.com'],
      },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/acme-state' },
    },
  });
});

it('names keys of one’s own, and asks for the alias elsewhere alone', () => {
  const own = 'arn:aws:kms:eu-west-1:111111111111:key/1c72e9ec-0000-4000-8000-000000000000';
  const config = checkedConfig({ ...acme, state: { keys: { 'eu-west-1': own } } });
  const template = built((stack) => {
    grantUseStateKeys(someFunction(stack), config, ['us-east-1', 'eu-west-1']);
  });
  expect(statementOf(template, 'UseOwnKeys')).toMatchObject({ Action: ['kms:Decrypt'], Resource: [own] });
  expect(statementOf(template, 'UseStateKeys')).toMatchObject({
    Resource: ['arn:aws:kms:us-east-1:111111111111:key/*'],
    Condition: { StringEquals: { 'kms:ViaService': ['dynamodb.us-east-1.amazonaws.com'] } },
  });
});
