import { defineConfig } from '#contract/define-config.ts';

/** Three accounts on three continents, four gateways, three models. What `npm start` runs. */
export default defineConfig({
  name: 'acme',
  home: { account: '111111111111', region: 'us-east-1' },
  accounts: [
    { id: '111111111111', name: 'prod-us', regions: ['us-east-1', 'us-east-2', 'us-west-2'] },
    {
      id: '222222222222',
      name: 'prod-eu',
      regions: ['eu-central-1', 'eu-west-1', 'eu-west-3', 'eu-north-1'],
    },
    {
      id: '333333333333',
      name: 'prod-apac',
      regions: ['ap-northeast-1', 'ap-northeast-3', 'ap-southeast-2'],
    },
  ],
  gateways: ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'eu-west-1'],
  residencies: {
    us: { jurisdictions: ['US'] },
    eu: { jurisdictions: ['EU'] },
    japan: { jurisdictions: ['JP'] },
    frankfurt: { regions: ['eu-central-1'] },
    anywhere: { jurisdictions: 'any' },
  },
  models: {
    'chat-large': {
      candidates: ['anthropic.claude-sonnet-4-5-20250929-v1:0'],
      baseline: {
        us: ['us-east-1', 'us-west-2'],
        eu: ['eu-central-1', 'eu-west-1'],
        japan: ['ap-northeast-1'],
      },
    },
    'chat-small': {
      candidates: ['amazon.nova-lite-v1:0'],
      dedicated: [
        {
          account: '111111111111',
          region: 'us-east-1',
          endpoint: 'chat-small',
          copies: 2,
          concurrencyPerCopy: 16,
        },
      ],
      baseline: {
        us: ['us-east-1', 'us-west-2'],
        eu: ['eu-central-1', 'eu-north-1'],
        japan: ['ap-northeast-1'],
      },
    },
    embed: {
      kind: 'embedding',
      candidates: ['amazon.titan-embed-text-v2:0'],
      baseline: { us: ['us-east-1'], eu: ['eu-central-1'], japan: ['ap-northeast-1'] },
    },
  },
  tenants: {
    demo: {
      keys: ['sk-local'],
      residencies: ['us', 'eu', 'japan', 'frankfurt', 'anywhere'],
      defaultResidency: 'anywhere',
      models: ['*'],
    },
  },
  // Four gateway regions: the default is meant for two or three.
  metrics: { budgetUsdPerMonth: 240 },
});
