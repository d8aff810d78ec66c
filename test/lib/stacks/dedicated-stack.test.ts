import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfig } from '#core/config/check-config.ts';
import { addChecks } from '#lib/checks.ts';
import { DedicatedStack, deployedPlaces } from '#lib/stacks/dedicated-stack.ts';
import { type DeployedChanges, deployedConfig, deployedInput } from '#test/builders/deployed-config.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { synthesized, unbundledApp } from '#test/lib/synthesized.ts';

const everything: DeployedChanges = {
  entry: { engine: 'llama-3.1-8b-fp8' },
  deploy: {
    otherInstanceTypes: ['ml.p5.4xlarge'],
    quantisation: 'fp8',
    kvFormat: 'fp8',
    speculation: { method: 'eagle3', tokens: 3, draft: 'draft', memoryGiB: 2 },
    routing: { strategy: 'prefix-aware', prefixBytes: 4_096 },
    network: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] },
    targetKvShare: 0.5,
    schedules: [
      { name: 'day', at: 'cron(0 7 ? * MON-FRI *)', timeZone: 'Europe/Berlin', copiesMin: 2, copiesMax: 6 },
    ],
    amiVersion: 'al2-ami-sagemaker-inference-gpu-3-1',
  },
};

const hub: DeployedChanges = {
  deploy: {
    weights: {
      from: 'hugging-face',
      id: 'acme/chat',
      revision: '0123456789abcdef0123456789abcdef01234567',
      tokenSecret: 'acme/hub-token',
    },
  },
};

describe('DedicatedStack', () => {
  it('deploys the example of the guide', async () => {
    const guide = readFileSync(
      new URL('../../../docs/guides/dedicated-endpoints.md', import.meta.url),
      'utf8',
    );
    const [, example] = /```ts\n([\s\S]*?)```/.exec(guide) ?? [];
    const { default: entry } = await import(`data:text/javascript,export default ${example}`);
    const { models, ...config } = deployedInput();
    const parsed = checkedConfig({ ...config, models: { 'chat-small': { dedicated: [entry] } } });
    expect(checkConfig(parsed, shippedFacts).errors).toEqual([]);
    expect(synthesized({ config: parsed }).stacks.dedicated).toHaveLength(1);
  });

  it('stands in each account and region in which an endpoint is deployed, and nowhere else', () => {
    expect(deployedPlaces(acme)).toEqual([]);
    const { assembly, stacks, template } = synthesized({ config: deployedConfig() });
    const ids = assembly.stacks.map(({ hierarchicalId }) => hierarchicalId);
    expect(ids.filter((id) => id.startsWith('Dedicated-'))).toEqual([
      'Dedicated-111111111111-eu-central-1',
      'Dedicated-111111111111-us-east-1',
    ]);
    expect(
      stacks.dedicated.flatMap(({ endpoints }) => endpoints.map(({ endpointName }) => endpointName)),
    ).toEqual(['chat-small', 'chat-small']);
    const text = JSON.stringify(template('Dedicated-111111111111-eu-central-1').toJSON());
    expect(text).toContain('s3://models-eu-central-1/');
    expect(text).not.toContain('us-east-1');
  });

  it('is refused where CloudFormation makes no inference components, in a sentence', () => {
    const { accounts } = acme;
    const config = deployedConfig({ entry: { region: 'eu-west-3' } });
    expect(() => synthesized({ config: { ...config, accounts } })).toThrow(
      /^endpoint chat-small: CloudFormation makes no SageMaker inference components in eu-west-3; deploy it in another region/,
    );
  });
});

describe('the checks of the stacks at synth', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-dedicated-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('find nothing, with few options and with all of them, in two regions', () => {
    const app = unbundledApp(folder);
    const regions = ['us-east-1', 'eu-central-1'];
    for (const [name, changes] of Object.entries({ Plain: {}, Everything: everything, Hub: hub }))
      for (const region of regions)
        new DedicatedStack(app, `${name}-${region}`, {
          config: deployedConfig(changes),
          facts: shippedFacts,
          place: { account: '111111111111', region },
        });
    addChecks(app);
    const report = () => JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));
    expect(() => app.synth(), JSON.stringify(report, null, 1)).not.toThrow();
    expect(report().pluginReports.flatMap(({ violations }: { violations: unknown[] }) => violations)).toEqual(
      [],
    );
  });
});
