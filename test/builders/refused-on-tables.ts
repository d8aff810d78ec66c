/** What nobody may do to the tables of the example deployment. */
import { type CallFacts, homePlace } from '#test/builders/call-uses.ts';
import {
  adminOfEu,
  discoverHome,
  discoverIreland,
  discoverTokyo,
  frankfurt,
  ireland,
  plan,
  type RefusedCall,
  refuse,
  roleIn,
  stranger,
  tokyo,
  us,
  verify,
} from '#test/builders/refusal.ts';

const tableIn = (kind: string, region: string, account = homePlace.account) =>
  `arn:aws:dynamodb:${region}:${account}:table/acme-${kind}`;

const onTable = (action: string, resource: string, ...keys: readonly string[]): CallFacts => ({
  action: `dynamodb:${action}`,
  resource,
  ...(keys.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': keys } }),
});

const routes = (region: string) => tableIn('routes', region);
const observations = tableIn('observations', 'us-east-1');

export const refusedOnTables: readonly RefusedCall[] = [
  ...[us, frankfurt, tokyo, plan, verify, discoverHome].map((role) =>
    refuse('losing all routes', role, onTable('DeleteTable', routes('us-east-1'))),
  ),
  refuse('losing all observations', discoverHome, onTable('DeleteTable', observations)),
  refuse('losing what is left of limits', us, onTable('DeleteTable', tableIn('ledger', 'us-east-1'))),
  refuse('opening a table to others', plan, onTable('PutResourcePolicy', routes('us-east-1'))),
  refuse('opening a table to others', frankfurt, onTable('PutResourcePolicy', routes('eu-central-1'))),
  refuse('taking protection off a table', plan, onTable('UpdateTable', routes('us-east-1'))),
  refuse('a route written by discovery', discoverHome, onTable('PutItem', routes('us-east-1'), 'chat-large')),
  refuse(
    'a route written by discovery',
    discoverIreland,
    onTable('PutItem', routes('us-east-1'), 'chat-large'),
  ),
  refuse('a route written by a gateway', frankfurt, onTable('PutItem', routes('eu-central-1'), 'chat-large')),
  refuse('a route written by verify', verify, onTable('PutItem', routes('us-east-1'), 'chat-large')),
  refuse(
    'another region’s signals',
    frankfurt,
    onTable('PutItem', routes('eu-central-1'), '#signals#us-east-1'),
  ),
  refuse(
    'another region’s signals among one’s own',
    frankfurt,
    onTable('PutItem', routes('eu-central-1'), '#signals#eu-central-1', '#signals#us-east-1'),
  ),
  refuse('a write that names no partition', frankfurt, onTable('PutItem', routes('eu-central-1'))),
  refuse(
    'another region’s control items',
    frankfurt,
    onTable('PutItem', routes('eu-central-1'), '#control#eu-west-1'),
  ),
  refuse('another region’s audit', frankfurt, onTable('PutItem', routes('us-east-1'), '#audit#us-east-1')),
  refuse(
    'an audit entry taken away',
    frankfurt,
    onTable('DeleteItem', routes('eu-central-1'), '#audit#eu-central-1'),
  ),
  refuse('an audit entry taken away', us, onTable('DeleteItem', routes('us-east-1'), '#audit#us-east-1')),
  refuse(
    'history written on a replica',
    frankfurt,
    onTable('BatchWriteItem', routes('eu-central-1'), 'history#chat-large'),
  ),
  refuse('another region’s replica', frankfurt, onTable('Query', routes('eu-west-1'), 'chat-large')),
  refuse(
    'another region’s replica',
    ireland,
    onTable('PutItem', routes('eu-central-1'), '#signals#eu-central-1'),
  ),
  refuse(
    'control items of home read from abroad',
    frankfurt,
    onTable('Query', routes('us-east-1'), '#control#us-east-1'),
  ),
  refuse(
    'routes read by an administrator abroad',
    adminOfEu,
    onTable('GetItem', routes('eu-central-1'), 'chat-large'),
  ),
  refuse(
    'routes written by an administrator abroad',
    adminOfEu,
    onTable('PutItem', routes('us-east-1'), 'chat-large'),
  ),
  refuse('routes read by a stranger', stranger, onTable('GetItem', routes('eu-central-1'), 'chat-large')),
  refuse('keys read in another region', frankfurt, onTable('Scan', tableIn('tenants', 'us-east-1'))),
  refuse('keys read by plan', plan, onTable('Scan', tableIn('tenants', 'us-east-1'))),
  refuse('keys read by discovery', discoverHome, onTable('Scan', tableIn('tenants', 'us-east-1'))),
  refuse(
    'keys read by an administrator abroad',
    adminOfEu,
    onTable('Scan', tableIn('tenants', 'eu-central-1')),
  ),
  refuse('a key made by a gateway', us, onTable('PutItem', tableIn('tenants', 'us-east-1'), 'demo')),
  refuse('a key lost by a gateway', us, onTable('DeleteItem', tableIn('tenants', 'us-east-1'), 'demo')),
  refuse(
    'another account’s observations',
    discoverIreland,
    onTable('PutItem', observations, '333333333333#ap-northeast-1'),
  ),
  refuse(
    'another region’s observations',
    discoverIreland,
    onTable('PutItem', observations, '222222222222#eu-central-1'),
  ),
  refuse('home’s observations', discoverTokyo, onTable('PutItem', observations, '111111111111#us-east-1')),
  refuse(
    'a home-made discovery role that writes for another account',
    roleIn('222222222222', 'acme-discover-anything'),
    onTable('PutItem', observations, '333333333333#ap-northeast-1'),
  ),
  refuse(
    'a stranger’s discovery role',
    roleIn('444444444444', 'acme-discover-eu-west-1'),
    onTable('PutItem', observations, '444444444444#eu-west-1'),
  ),
  refuse('a proof written by discovery', discoverHome, onTable('PutItem', observations, '#verification')),
  refuse(
    'observations written by verify',
    verify,
    onTable('PutItem', observations, '222222222222#eu-west-1'),
  ),
  refuse('observations written by plan', plan, onTable('PutItem', observations, '222222222222#eu-west-1')),
  refuse('observations written by a gateway', us, onTable('PutItem', observations, '111111111111#us-east-1')),
  refuse('observations read by an administrator abroad', adminOfEu, onTable('Query', observations)),
  refuse('another region’s limits', frankfurt, onTable('UpdateItem', tableIn('ledger', 'us-east-1'), 'demo')),
  refuse(
    'limits of a region of the same account',
    frankfurt,
    onTable('UpdateItem', tableIn('ledger', 'eu-west-1', '222222222222'), 'demo'),
  ),
  refuse(
    'slots of a region of the same account',
    frankfurt,
    onTable('UpdateItem', tableIn('capacity', 'eu-west-1', '222222222222'), 'target#0'),
  ),
  refuse('limits forgotten', us, onTable('DeleteItem', tableIn('ledger', 'us-east-1'), 'demo')),
  refuse('limits read by plan', plan, onTable('GetItem', tableIn('ledger', 'us-east-1'), 'demo')),
  refuse(
    'batches of a region of the same account',
    frankfurt,
    onTable('GetItem', tableIn('batches', 'eu-west-1', '222222222222'), 'demo'),
  ),
];
