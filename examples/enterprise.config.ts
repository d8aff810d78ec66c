import { defineConfig } from '#contract/define-config.ts';

/** Every account of the organisation serves the same regions. */
const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
];

const ACCOUNTS = 30;
const FIRST_NUMBER = 11;

/** 111111111111, 121212121212, … 404040404040: twelve digits that a person can tell apart. */
const accounts = Array.from({ length: ACCOUNTS }, (_, index) => ({
  id: String(FIRST_NUMBER + index).repeat(6),
  name: `team-${FIRST_NUMBER + index}`,
  regions,
  traffic: true,
}));

/** Thirty accounts with the quota of twenty-one regions each, behind six gateways. */
export default defineConfig({
  name: 'enterprise',
  home: { account: '111111111111', region: 'us-east-1' },
  standby: 'us-west-2',
  accounts,
  gateways: ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1', 'ap-northeast-1', 'ap-northeast-3'],
  residencies: {
    us: { jurisdictions: ['US'] },
    eu: { jurisdictions: ['EU'] },
    japan: { jurisdictions: ['JP'] },
    anywhere: { jurisdictions: 'any' },
  },
  models: {
    'chat-large': {
      candidates: ['anthropic.claude-sonnet-4-5-20250929-v1:0'],
      baseline: {
        us: ['us-east-1', 'us-west-2', { region: 'us-east-2', account: '121212121212' }],
        eu: ['eu-central-1', 'eu-west-1'],
        japan: ['ap-northeast-1', 'ap-northeast-3'],
      },
    },
    'chat-small': {
      candidates: ['amazon.nova-lite-v1:0'],
      baseline: {
        us: ['us-east-1', 'us-west-2'],
        eu: ['eu-north-1', 'eu-central-1'],
        japan: ['ap-northeast-1'],
      },
    },
    embed: {
      kind: 'embedding',
      candidates: ['amazon.titan-embed-text-v2:0'],
      baseline: {
        us: ['us-east-1', 'us-west-2'],
        eu: ['eu-central-1', 'eu-west-1'],
        japan: ['ap-northeast-1'],
      },
    },
  },
  tenants: {
    demo: {
      keys: ['sk-local'],
      residencies: ['us', 'eu', 'japan', 'anywhere'],
      defaultResidency: 'anywhere',
      models: ['*'],
    },
  },
  // 630 places: a token bucket of its own for each, so the rate stays what it is elsewhere.
  discovery: { everySeconds: 60 },
  // 630 places of counts and three tracked models: the default budget is meant for one account.
  metrics: { budgetUsdPerMonth: 2000 },
});
