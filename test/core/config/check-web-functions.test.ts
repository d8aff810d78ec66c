import { expect, it } from 'vitest';
import { checkWebFunctions } from '#core/config/check-web-functions.ts';
import { acmeConfig } from '#test/builders/configs.ts';

type Changes = NonNullable<Parameters<typeof acmeConfig>[0]>;
const errorsOf = (changes: Changes) => checkWebFunctions(acmeConfig(changes)).errors;
const release = (name: string, weight: number) => ({ name, version: 'v1', weight });

it('are refused with each thing that they cannot have, and where no gateway stands', () => {
  const errors = errorsOf({
    webFunctions: { 'us-east-1': {}, 'us-west-2': {} },
    gatewayNetworks: { 'us-east-1': { create: {} } },
    frontDoor: { authorization: 'iam' },
  });
  const unsigned =
    'does not say who signed a request; set frontDoor.authorization: "keys", or leave the web function out';
  expect(errors).toEqual([
    {
      path: 'webFunctions.us-east-1',
      message: 'does not stand in the VPC of gatewayNetworks.us-east-1; leave one of them out',
    },
    { path: 'webFunctions.us-east-1', message: unsigned },
    {
      path: 'webFunctions.us-west-2',
      message: 'us-west-2 runs no gateway; there are us-east-1, eu-central-1, ap-northeast-1, eu-west-1',
    },
    { path: 'webFunctions.us-west-2', message: unsigned },
  ]);
});

it('send all requests somewhere, each release once', () => {
  const releases = (...list: ReturnType<typeof release>[]) =>
    errorsOf({ webFunctions: { 'us-east-1': { releases: list } } });
  const path = 'webFunctions.us-east-1.releases';
  expect(releases()).toEqual([]);
  expect(releases(release('a', 95), release('b', 5))).toEqual([]);
  expect(releases(release('a', 95), release('b', 4))).toEqual([
    { path, message: 'have weights of 99 together; they must be 100' },
  ]);
  expect(releases(release('a', 50), release('a', 50))).toEqual([
    { path: `${path}[1].name`, message: '"a" stands in the list before; a release is deployed once' },
  ]);
});
