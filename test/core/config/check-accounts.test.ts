import { describe, expect, it } from 'vitest';
import { checkAccounts } from '#core/config/check-accounts.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts as facts } from '#test/builders/facts.ts';

type Changes = NonNullable<Parameters<typeof acmeConfig>[0]>;
const check = (changes: Changes) => checkAccounts(acmeConfig(changes), facts);
const one = { id: '111111111111', regions: ['us-east-1', 'us-west-2'] };
const two = { id: '222222222222', regions: ['us-east-1', 'eu-west-1'] };
const bare: Changes = { gateways: ['us-east-1'], models: {}, tenants: {} };

describe('accounts', () => {
  it('stand once, with names of their own and each region once', () => {
    const { errors } = check({
      ...bare,
      accounts: [
        { ...one, name: 'prod' },
        { ...two, name: 'prod' },
        one,
        { id: '333333333333', regions: ['eu-west-3', 'eu-west-3'] },
      ],
    });
    expect(errors).toEqual([
      {
        path: 'accounts[2].id',
        message: '111111111111 stands in the list before; list all its regions in one entry',
      },
      { path: 'accounts[1].name', message: '"prod" is the name of an account before; names are unique' },
      { path: 'accounts[3].regions[1]', message: 'eu-west-3 stands in the list before; leave it out' },
    ]);
  });

  it('warn of a region that an account before them owns, unless they share traffic or are named', () => {
    const path = 'accounts[1].regions[0]';
    expect(check({ ...bare, accounts: [one, two] }).warnings.map((warning) => warning.path)).toEqual([path]);
    expect(check({ ...bare, accounts: [one, { ...two, traffic: true }] }).warnings).toEqual([]);
    const dedicated = [{ account: two.id, region: 'us-east-1', endpoint: 'chat' }];
    expect(check({ ...bare, accounts: [one, two], models: { chat: { dedicated } } }).warnings).toEqual([]);
    const baseline = { us: [{ region: 'us-east-1', account: two.id }] };
    expect(
      check({ ...bare, accounts: [one, two], models: { chat: { candidates: ['a.b'], baseline } } }).warnings,
    ).toEqual([]);
  });

  it('warn of a region that the facts do not know', () => {
    const accounts = [{ id: '111111111111', regions: ['us-east-1', 'xx-north-9'] }];
    expect(check({ ...bare, accounts }).warnings).toMatchObject([{ path: 'accounts[0].regions[1]' }]);
    expect(checkAccounts(acmeConfig({ ...bare, accounts }), emptyFacts).warnings).toEqual([]);
  });
});

describe('home', () => {
  it('is a listed account and one of its regions', () => {
    expect(check({ home: { account: '444444444444', region: 'us-east-1' } }).errors).toMatchObject([
      { path: 'home.account' },
    ]);
    expect(check({ home: { account: '111111111111', region: 'eu-west-1' } }).errors).toEqual([
      {
        path: 'home.region',
        message:
          'eu-west-1 is not a region of account 111111111111, which lists us-east-1, us-east-2, us-west-2',
      },
    ]);
  });

  it('has a standby in another region of the same account', () => {
    expect(check({ standby: 'us-west-2' }).errors).toEqual([]);
    expect(check({ standby: 'us-east-1' }).errors).toMatchObject([
      { path: 'standby', message: expect.stringContaining('is the home region') },
    ]);
    expect(check({ standby: 'eu-west-1' }).errors).toMatchObject([
      { path: 'standby', message: expect.stringContaining('is not a region of the home account') },
    ]);
  });
});

describe('gateways', () => {
  it('run in regions that an account lists, one in each', () => {
    expect(check({ gateways: ['us-east-1', 'sa-east-1', 'us-east-1'] }).errors).toEqual([
      {
        path: 'gateways[1]',
        message: 'no account lists sa-east-1; add it to the account that is to run this gateway',
      },
      { path: 'gateways[2]', message: 'us-east-1 stands in the list before; a region runs one gateway' },
    ]);
  });
});

it('addresses of gateways are those of gateways that there are', () => {
  const gatewayUrls = { 'us-east-1': 'https://us.example.com', 'eu-west-1': 'https://eu.example.com' };
  expect(check({ ...bare, gatewayUrls }).errors).toEqual([
    { path: 'gatewayUrls.eu-west-1', message: 'eu-west-1 runs no gateway; there are us-east-1' },
  ]);
});
