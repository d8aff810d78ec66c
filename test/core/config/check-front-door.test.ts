import { describe, expect, it } from 'vitest';
import { checkFrontDoor } from '#core/config/check-front-door.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

type Changes = NonNullable<Parameters<typeof acmeConfig>[0]>;
const check = (changes: Changes) => checkFrontDoor(acmeConfig(changes), shippedFacts);
const zones = [
  { account: '111111111111', id: 'Z0001', name: 'llm.example.com' },
  { account: '222222222222', id: 'Z0002', name: 'prod-eu.llm.example.com' },
  { account: '333333333333', id: 'Z0003', name: 'prod-apac.llm.example.com' },
];
const certificate = (region: string, account: string) =>
  `arn:aws:acm:${region}:${account}:certificate/11111111-2222`;
const certificates = {
  'eu-central-1': certificate('eu-central-1', '222222222222'),
  'eu-west-1': certificate('eu-west-1', '222222222222'),
  'ap-northeast-1': certificate('ap-northeast-1', '333333333333'),
};

describe('a function URL', () => {
  it('is refused with each thing that it cannot do, all at once', () => {
    const { errors } = check({
      frontDoor: { kind: 'function-url', firewall: {}, domain: { zones, certificates } },
      gatewayNetworks: { 'eu-central-1': { create: {} } },
    });
    expect(errors).toEqual([
      {
        path: 'gatewayNetworks.eu-central-1',
        message:
          'a function URL does not stream inside a VPC; leave the network out, or set frontDoor.kind: "rest-api"',
      },
      {
        path: 'frontDoor.authorization',
        message:
          '"keys" would leave a function URL open to everybody; set "iam" and name principals, or frontDoor.kind: "rest-api"',
      },
      {
        path: 'frontDoor.firewall',
        message:
          'a web ACL cannot stand before a function URL; leave it out, or set frontDoor.kind: "rest-api"',
      },
      {
        path: 'frontDoor.domain',
        message:
          'a function URL has no name but the one AWS gives; leave the domain out, or set frontDoor.kind: "rest-api"',
      },
    ]);
  });

  it('is taken with signatures alone, and a REST API with all of them', () => {
    expect(check({ frontDoor: { kind: 'function-url', authorization: 'iam' } }).errors).toEqual([]);
    const { errors, warnings } = check({
      frontDoor: { firewall: {}, domain: { zones, certificates } },
      gatewayNetworks: { 'eu-central-1': { create: {} } },
    });
    expect([errors, warnings]).toEqual([[], []]);
  });
});

describe('the gateways’ function and network', () => {
  it('stand where a gateway does', () => {
    expect(check({ gatewayNetworks: { 'us-west-2': { create: {} } } }).errors).toEqual([
      {
        path: 'gatewayNetworks.us-west-2',
        message: 'us-west-2 runs no gateway; there are us-east-1, eu-central-1, ap-northeast-1, eu-west-1',
      },
    ]);
  });

  it('warn of a network without a way out', () => {
    const { warnings } = check({ gatewayNetworks: { 'us-east-1': { create: { natGateways: 0 } } } });
    expect(warnings).toEqual([
      {
        path: 'gatewayNetworks.us-east-1.create.natGateways',
        message:
          '0 leaves this gateway with what endpoints in us-east-1 offer: targets of other regions and issuers of tokens cannot be reached',
      },
    ]);
  });

  it('keep no more environments ready than may run', () => {
    const provisioned = (min: number, max?: number) =>
      check({
        gatewayFunction: {
          reservedConcurrency: 10,
          provisionedConcurrency: { min, ...(max === undefined ? {} : { max }) },
        },
      }).errors;
    const path = 'gatewayFunction.provisionedConcurrency';
    expect(provisioned(4, 10)).toEqual([]);
    expect(provisioned(4, 3)).toEqual([
      { path: `${path}.max`, message: '3 must not be below min, which is 4' },
    ]);
    const reserved = 'must not be above gatewayFunction.reservedConcurrency, which is 10';
    expect(provisioned(11)).toEqual([{ path: `${path}.min`, message: `11 ${reserved}` }]);
    expect(provisioned(4, 20)).toEqual([{ path: `${path}.max`, message: `20 ${reserved}` }]);
  });
});

describe('names of one’s own', () => {
  const domain = (of: Partial<{ zones: typeof zones; certificates: Record<string, string> }>) => ({
    frontDoor: { domain: { zones, certificates, ...of } },
  });

  it('need a zone of each account that runs a gateway, each once', () => {
    const [first, second, third] = zones as [(typeof zones)[0], (typeof zones)[0], (typeof zones)[0]];
    const stranger = { account: '999999999999', id: 'Z0009', name: 'other.example.com' };
    const path = 'frontDoor.domain.zones';
    expect(check(domain({ zones: [first, third] })).errors).toEqual(
      ['eu-central-1', 'eu-west-1'].map((region) => ({
        path,
        message: `has no zone of account 222222222222, which runs the gateway of ${region}: nobody else can write its name; delegate a zone to it, such as "222222222222.llm.example.com"`,
      })),
    );
    expect(check(domain({ zones: [...zones, stranger, { ...second, name: first.name }] })).errors).toEqual([
      {
        path: `${path}[4].account`,
        message: '222222222222 has a zone in the list before; one is enough for its gateways',
      },
      {
        path: `${path}[4].name`,
        message:
          'llm.example.com is the zone of another account in the list before; delegate a zone below it to this one',
      },
      {
        path: `${path}[3].account`,
        message: '999999999999 is not in accounts; there are 111111111111, 222222222222, 333333333333',
      },
    ]);
  });

  it('need a certificate where the account cannot prove the names, of the gateway’s own account and region', () => {
    const { 'eu-west-1': _left, ...some } = certificates;
    const path = (region: string) => `frontDoor.domain.certificates.${region}`;
    const misplaced = certificate('us-east-1', '222222222222');
    const given = { ...some, 'eu-central-1': misplaced, 'us-west-2': misplaced };
    expect(check(domain({ certificates: given })).errors).toEqual([
      {
        path: path('eu-central-1'),
        message: `"${misplaced}" must be a certificate of account 222222222222 in eu-central-1, where the gateway stands`,
      },
      {
        path: path('us-west-2'),
        message: 'us-west-2 runs no gateway; there are us-east-1, eu-central-1, ap-northeast-1, eu-west-1',
      },
      {
        path: path('eu-west-1'),
        message:
          'is missing: account 222222222222 cannot prove names of llm.example.com, a zone of account 111111111111; make the certificate there by hand and give its ARN',
      },
    ]);
  });

  it('are not the names of something else', () => {
    const residencies = {
      'eu-west-1': { jurisdictions: ['EU'] },
      'prod-eu': { jurisdictions: ['EU'] },
      mars: { regions: ['xx-mars-1'] },
    };
    const tenants = {};
    const { errors, warnings } = check({ ...domain({}), residencies, models: {}, tenants });
    expect(errors).toEqual([
      {
        path: 'residencies.eu-west-1',
        message:
          '"eu-west-1" is the name of a gateway’s region too, and both would be eu-west-1.<zone>; call the residency otherwise',
      },
      {
        path: 'residencies.prod-eu',
        message:
          '"prod-eu" would be prod-eu.llm.example.com, which is the zone of account 222222222222; call one of them otherwise',
      },
    ]);
    expect(warnings).toEqual([
      {
        path: 'residencies.mars',
        message: 'no gateway stands inside: mars gets no name in frontDoor.domain',
      },
    ]);
    const nothingKnown = acmeConfig({ ...domain({}), residencies, models: {}, tenants });
    expect(checkFrontDoor(nothingKnown, emptyFacts).warnings).toEqual([]);
  });
});
