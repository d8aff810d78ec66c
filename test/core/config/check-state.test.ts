import { expect, it } from 'vitest';
import { checkState } from '#core/config/check-state.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const key = (region: string, account = '111111111111') =>
  `arn:aws:kms:${region}:${account}:key/1c72e9ec-0000-4000-8000-000000000000`;
const stream = (name: string) =>
  `arn:aws:dynamodb:us-east-1:111111111111:table/${name}/stream/2026-11-22T08:00:00.000`;
const errorsOf = (state: NonNullable<Parameters<typeof acmeConfig>[0]>['state']) =>
  checkState(acmeConfig({ state })).errors;

it('takes keys of the home account where tables stand, and the stream of the deployment’s own table', () => {
  const keys = { 'us-east-1': key('us-east-1'), 'eu-central-1': key('eu-central-1') };
  const existing = { routes: true, observations: { streamArn: stream('acme-observations') } };
  expect(errorsOf({ keys, existing })).toEqual([]);
});

it('names every key and stream that cannot work, by its place', () => {
  const keys = { 'us-west-2': key('us-west-2'), 'eu-central-1': key('eu-central-1', '222222222222') };
  expect(errorsOf({ keys, existing: { observations: { streamArn: stream('other') } } })).toEqual([
    {
      path: 'state.keys.us-west-2',
      message: expect.stringMatching(/^no table stands in us-west-2; tables stand in us-east-1,/),
    },
    {
      path: 'state.keys.eu-central-1',
      message: 'is of account 222222222222; DynamoDB takes a key of the tables’ own account, 111111111111',
    },
    {
      path: 'state.existing.observations.streamArn',
      message: expect.stringMatching(
        /must begin with arn:aws:dynamodb:us-east-1:111111111111:table\/acme-observations\/stream\/$/,
      ),
    },
  ]);
});

it('refuses a State stack in which nothing would be left', () => {
  const existing = { routes: true, tenants: true, observations: { streamArn: stream('acme-observations') } };
  expect(errorsOf({ existing })).toEqual([]);
  expect(errorsOf({ existing, keys: { 'us-east-1': key('us-east-1') } })).toEqual([
    {
      path: 'state.existing',
      message: expect.stringMatching(/^leaves State-us-east-1 with nothing to make/),
    },
  ]);
});
