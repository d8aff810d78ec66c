import { defineConfig } from '#contract/define-config.ts';

/** One account in every scanned Bedrock region: what the whole catalogue looks like, and where the law leaves nothing. */
export default defineConfig({
  name: 'world',
  home: { account: '111111111111', region: 'us-east-1' },
  accounts: [
    {
      id: '111111111111',
      name: 'world',
      regions: [
        'af-south-1',
        'ap-east-2',
        'ap-northeast-1',
        'ap-northeast-2',
        'ap-northeast-3',
        'ap-south-1',
        'ap-south-2',
        'ap-southeast-1',
        'ap-southeast-2',
        'ap-southeast-3',
        'ap-southeast-4',
        'ap-southeast-5',
        'ap-southeast-6',
        'ap-southeast-7',
        'ca-central-1',
        'ca-west-1',
        'eu-central-1',
        'eu-central-2',
        'eu-north-1',
        'eu-south-1',
        'eu-south-2',
        'eu-west-1',
        'eu-west-2',
        'eu-west-3',
        'il-central-1',
        'mx-central-1',
        'sa-east-1',
        'us-east-1',
        'us-east-2',
        'us-west-1',
        'us-west-2',
      ],
    },
  ],
  // Cape Town runs a gateway although nothing lawful answers there: a prompt bound to South Africa gets a clear refusal.
  gateways: ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'af-south-1'],
  residencies: {
    us: { jurisdictions: ['US'] },
    eu: { jurisdictions: ['EU'] },
    europe: { jurisdictions: ['EU', 'UK', 'CH'] },
    northamerica: { jurisdictions: ['US', 'CA'] },
    japan: { jurisdictions: ['JP'] },
    southafrica: { jurisdictions: ['ZA'] },
    anywhere: { jurisdictions: 'any' },
  },
  models: {
    'chat-large': {
      candidates: ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-6'],
      baseline: {
        us: ['us-east-1', 'us-west-2'],
        eu: ['eu-central-1', 'eu-west-1'],
        japan: ['ap-northeast-1'],
      },
    },
    'chat-small': {
      candidates: ['amazon.nova-lite-v1:0', 'amazon.nova-2-lite-v1:0'],
      baseline: {
        us: ['us-east-1', 'us-west-2'],
        eu: ['eu-north-1', 'eu-central-1'],
        japan: ['ap-northeast-1'],
      },
    },
    'chat-open': {
      candidates: ['openai.gpt-oss-120b-1:0', 'qwen.qwen3-32b-v1:0'],
      baseline: {
        us: ['us-west-2', 'us-east-1'],
        eu: ['eu-central-1'],
        europe: ['eu-west-2'],
        japan: ['ap-northeast-1'],
      },
    },
    embed: {
      kind: 'embedding',
      candidates: ['amazon.titan-embed-text-v2:0'],
      baseline: {
        us: ['us-east-1'],
        eu: ['eu-central-1'],
        japan: ['ap-northeast-1'],
      },
    },
  },
  tenants: {
    demo: {
      keys: ['sk-local'],
      residencies: ['us', 'eu', 'europe', 'northamerica', 'japan', 'southafrica', 'anywhere'],
      defaultResidency: 'anywhere',
      models: ['*'],
    },
  },
  discovery: {
    tracked: [
      'amazon.nova-micro-v1:0',
      'amazon.nova-pro-v1:0',
      'anthropic.claude-haiku-4-5-20251001-v1:0',
      'anthropic.claude-opus-4-8',
      'anthropic.claude-opus-5-5',
      'deepseek.v3.2',
      'mistral.mistral-large-3-675b-instruct',
      'zai.glm-5',
    ],
  },
  metrics: { budgetUsdPerMonth: 450 },
});
