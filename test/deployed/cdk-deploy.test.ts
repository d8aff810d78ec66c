/**
 * The CDK's own command line, driven by `spillway deploy-waves --run`, deploys onto local AWS: it publishes files and calls
 * CloudFormation's API, which applies the templates as local/cloudformation does.
 */
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliOutcome, runCommandLine } from '#test/builders/cli-session.ts';
import { type CloudFormationFront, openCloudFormationFront } from '#test/builders/cloudformation-front.ts';
import {
  type DeployedFleet,
  openFleet,
  type SynthesizedFleet,
  synthesizeFleet,
} from '#test/builders/deployed-fleet.ts';

/** The CDK starts once for each wave: two seconds on an idle machine. */
const DEPLOY_MS_MAX = 60_000;

const home = '111111111111';
const eu = '222222222222';
const input = {
  name: 'acme',
  home: { account: home, region: 'us-east-1' },
  accounts: [
    { id: home, regions: ['us-east-1'] },
    { id: eu, regions: ['eu-central-1'] },
  ],
  gateways: ['us-east-1'],
  residencies: { us: { jurisdictions: ['US'] } },
  models: { embed: { kind: 'embedding', candidates: ['amazon.titan-embed-text-v2:0'] } },
  tenants: { demo: { residencies: ['us'] } },
  batches: { enabled: false },
};

let synthesized: SynthesizedFleet;
let fleet: DeployedFleet;
let front: CloudFormationFront;
beforeAll(async () => {
  synthesized = synthesizeFleet({ bundles: false, input });
  fleet = await openFleet(synthesized.assembly);
  front = await openCloudFormationFront(fleet.deployment);
  for (const service of ['STS', 'SSM', 'S3', 'CLOUDFORMATION'])
    vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, front.url);
  vi.stubEnv('AWS_ENDPOINT_URL', fleet.cloud.aws.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', `LKIA${home}`);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', `local-LKIA${home}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('CDK_DISABLE_CLI_TELEMETRY', 'true');
}, DEPLOY_MS_MAX);
afterAll(async () => {
  vi.unstubAllEnvs();
  await front.close();
  await fleet.close();
  synthesized.close();
});

function run(...options: readonly string[]): Promise<CliOutcome> {
  const { configFile } = synthesized;
  const words = ['deploy-waves', '--run', '--config', configFile, '--assembly', dirname(configFile)];
  return runCommandLine([...words, '--lookup-roles', '--bake-minutes', '0', ...options]);
}

const deployed = { stdout: 'Every wave is deployed, and no alarm went off.\n', exitCode: 0 };

describe('cdk deploy, wave by wave', () => {
  it(
    'deploys under the CDK’s roles of each account alone, and leaves what the templates say',
    async () => {
      for (const wave of ['state', 'one-region']) expect(await run('--only', wave)).toMatchObject(deployed);
      const stacks = ['State-us-east-1', `Discovery-${eu}-eu-central-1`];
      const stand = [...fleet.deployment.stacks.values()].map(({ place }) => place.stackName);
      expect(stand.sort()).toEqual(stacks.map((id) => `acme-${id}`).sort());
      const executed = front.calls.filter(({ operation }) => operation === 'ExecuteChangeSet');
      expect(executed.map(({ account, role }) => `${account} ${role}`).sort()).toEqual([
        ...[home, eu].map((account) => `${account} deploy-role`),
      ]);
      const published = front.calls.filter(({ operation }) => operation === 'PUT object');
      expect(new Set(published.map(({ role }) => role))).toEqual(new Set(['file-publishing-role']));
    },
    DEPLOY_MS_MAX,
  );
});
