import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

const violationsOf = (changes: object) => {
  const result = parseConfig({ ...acme, ...changes });
  return result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`);
};
const subnet = { id: 'subnet-01234567', availabilityZone: 'us-east-1a', routeTableId: 'rtb-01234567' };
const existing = { vpcId: 'vpc-01234567', cidr: '10.1.0.0/16', subnets: [subnet, subnet] };

describe('the gateways’ function', () => {
  it('refuses what Lambda would not take, and logs shorter than half a year', () => {
    expect(
      violationsOf({
        gatewayFunction: {
          memoryMebibytes: 64,
          reservedConcurrency: 0,
          logRetentionDays: 30,
          provisionedConcurrency: { utilization: 2 },
        },
      }),
    ).toEqual([
      'gatewayFunction.memoryMebibytes: 64 must be a whole number from 512 to 10240',
      'gatewayFunction.reservedConcurrency: 0 must be a whole number from 1 to 100000',
      'gatewayFunction.provisionedConcurrency.min: is missing and must be a whole number from 1 to 100000',
      'gatewayFunction.provisionedConcurrency.utilization: 2 must be a number from 0.1 to 0.9',
      'gatewayFunction.logRetentionDays: 30 must be one of 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days: the law asks for half a year at least',
    ]);
  });
});

describe('a gateway’s network', () => {
  it('is made or exists: one of both', () => {
    const either = 'must have either `create` or `existing`';
    const networks = (network: object) => violationsOf({ gatewayNetworks: { 'us-east-1': network } });
    expect(networks({ create: {} })).toEqual([]);
    expect(networks({ existing })).toEqual([]);
    expect(networks({})).toEqual([`gatewayNetworks.us-east-1: {} ${either}`]);
    expect(networks({ create: {}, existing })).toEqual([expect.stringContaining(either)]);
  });

  it('refuses what names nothing of AWS’s', () => {
    const wrong = { vpcId: 'mine', cidr: '10.0.0.0/8', subnets: [{ ...subnet, id: 'x' }] };
    expect(violationsOf({ gatewayNetworks: { 'us-east-1': { existing: wrong } } })).toEqual([
      'gatewayNetworks.us-east-1.existing.vpcId: "mine" must be the id of a VPC such as "vpc-0123456789abcdef0"',
      'gatewayNetworks.us-east-1.existing.cidr: "10.0.0.0/8" must be a block of /16 to /24 such as "10.40.0.0/16"',
      'gatewayNetworks.us-east-1.existing.subnets[0].id: "x" must be the id of a subnet such as "subnet-0123456789abcdef0"',
      expect.stringContaining('must list the private subnets, in two availability zones or more'),
    ]);
  });
});
