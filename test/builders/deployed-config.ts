import { parseConfig, type SpillwayConfig, type SpillwayConfigInput } from '#contract/config.ts';

type DedicatedInput = NonNullable<SpillwayConfigInput['models'][string]['dedicated']>[number];
type DeployInput = NonNullable<DedicatedInput['deploy']>;

export interface DeployedChanges {
  readonly entry?: Partial<DedicatedInput>;
  readonly deploy?: Partial<DeployInput>;
}

const account = '111111111111';

/** Endpoints of one model in two regions, each with a gateway beside it, deployed by Spillway. */
export function deployedInput({ entry = {}, deploy = {} }: DeployedChanges = {}): SpillwayConfigInput {
  const dedicated = (region: string): DedicatedInput => ({
    account,
    region,
    endpoint: 'chat-small',
    component: 'chat-small-copies',
    instanceType: 'ml.g6e.2xlarge',
    engine: 'llama-3.1-8b',
    contextTokensMax: 32_768,
    concurrencyPerCopy: 16,
    copies: 1,
    ...entry,
    deploy: {
      weights: { from: 's3', uri: `s3://models-${region}/chat-small/v3/` },
      memoryGiBPerCopy: 24,
      copiesMin: 0,
      copiesMax: 6,
      targetConcurrencyPerCopy: 12,
      ...deploy,
    },
  });
  return {
    name: 'acme',
    home: { account, region: 'us-east-1' },
    accounts: [{ id: account, regions: ['us-east-1', 'eu-central-1'] }],
    gateways: ['us-east-1', 'eu-central-1'],
    residencies: { us: { jurisdictions: ['US'] }, eu: { jurisdictions: ['EU'] } },
    models: { 'chat-small': { dedicated: [dedicated('us-east-1'), dedicated('eu-central-1')] } },
    tenants: { demo: { residencies: ['us', 'eu'] } },
  };
}

/** Parsed; fails the test that asks for a malformed one. */
export function deployedConfig(changes: DeployedChanges = {}): SpillwayConfig {
  const parsed = parseConfig(deployedInput(changes));
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}
