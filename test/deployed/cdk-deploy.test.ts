/**
 * The CDK's own command line, driven by `spillway deploy-waves --run`, deploys onto local AWS: it publishes files and calls
 * CloudFormation's API, which applies the templates as local/cloudformation does.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeChangedAssembly } from '#test/builders/changed-assembly.ts';
import { type CliOutcome, runCommandLine } from '#test/builders/cli-session.ts';
import { type CloudFormationFront, openCloudFormationFront } from '#test/builders/cloudformation-front.ts';
import {
  type DeployedFleet,
  openFleet,
  type SynthesizedFleet,
  synthesizeFleet,
} from '#test/builders/deployed-fleet.ts';
import type { TemplateChange } from '#test/builders/template-changes.ts';

/** The CDK starts once for each wave: two seconds on an idle machine. */
const DEPLOY_MS_MAX = 60_000;

const home = '111111111111';
const eu = '222222222222';
const stateStack = 'State-us-east-1';
const discoveryStack = `Discovery-${eu}-eu-central-1`;
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
/** The next version: a queue beside the tables, and one of discovery that CloudFormation cannot make. */
let next: string;
beforeAll(async () => {
  synthesized = synthesizeFleet({ bundles: false, input });
  const queueNamed =
    (name: string): TemplateChange =>
    ({ Resources }) => {
      Resources.NextQueue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } };
    };
  next = writeChangedAssembly(dirname(synthesized.configFile), {
    [stateStack]: queueNamed('acme-next'),
    [discoveryStack]: queueNamed('no name of a queue'),
  });
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
  rmSync(next, { recursive: true, force: true });
});

/** An assembly, by default the one that was synthesised. */
function run(assembly: string | undefined, ...options: readonly string[]): Promise<CliOutcome> {
  const { configFile } = synthesized;
  const folder = assembly ?? dirname(configFile);
  const words = ['deploy-waves', '--run', '--config', configFile, '--assembly', folder];
  return runCommandLine([...words, '--lookup-roles', '--bake-minutes', '0', ...options]);
}

const deployed = { stdout: 'Every wave is deployed, and no alarm went off.\n', exitCode: 0 };

/** Logical ids of the queues that stand. */
function queuesOf(id: string): readonly string[] {
  const stacks = [...fleet.deployment.stacks.values()];
  const stack = stacks.find(({ place }) => place.stackName === `acme-${id}`);
  return [...(stack?.resources.values() ?? [])]
    .filter(({ definition }) => definition.type === 'AWS::SQS::Queue')
    .map(({ definition }) => definition.logicalId);
}

const changeSetsOf = (id: string): number =>
  front.calls.filter(
    ({ operation, stackName }) => operation === 'CreateChangeSet' && stackName === `acme-${id}`,
  ).length;

/** What the CDK said, whatever the width of its lines. */
const saidBy = ({ stdout, stderr }: CliOutcome): string => `${stdout} ${stderr}`.replace(/\s+/g, ' ');

/** A wave that stopped, and how to go on. */
const stopped =
  'A stack failed in one-region: eu-central-1: cdk deploy ended with exit code 1. Nothing is deployed. Mend it; to go on, repeat the command with --from one-region.';

describe('cdk deploy, wave by wave', () => {
  it(
    'deploys under the CDK’s roles of each account alone, and leaves what the templates say',
    async () => {
      for (const wave of ['state', 'one-region'])
        expect(await run(undefined, '--only', wave)).toMatchObject(deployed);
      const stand = [...fleet.deployment.stacks.values()].map(({ place }) => place.stackName);
      expect(stand.sort()).toEqual([stateStack, discoveryStack].map((id) => `acme-${id}`).sort());
      const executed = front.calls.filter(({ operation }) => operation === 'ExecuteChangeSet');
      expect(executed.map(({ account, role }) => `${account} ${role}`).sort()).toEqual([
        ...[home, eu].map((account) => `${account} deploy-role`),
      ]);
      const published = front.calls.filter(({ operation }) => operation === 'PUT object');
      expect(new Set(published.map(({ role }) => role))).toEqual(new Set(['file-publishing-role']));
    },
    DEPLOY_MS_MAX,
  );

  it(
    'brings what stands to the next version; a stack that fails is taken back, its wave named and those behind it left alone',
    async () => {
      const [state, region] = await Promise.all([
        run(next, '--only', 'state'),
        run(next, '--from', 'one-region'),
      ]);
      expect(state).toMatchObject(deployed);
      expect(queuesOf(stateStack)).toContain('NextQueue');
      expect(region.exitCode).toBe(1);
      expect(saidBy(region)).toContain(stopped);
      expect(saidBy(region)).toContain("it is 'no name of a queue'");
      expect(queuesOf(discoveryStack)).not.toContain('NextQueue');
      expect(fleet.deployment.stacks.size).toBe(2);
    },
    DEPLOY_MS_MAX,
  );

  it(
    'goes back by the former version, and changes nothing where that stands',
    async () => {
      const before = changeSetsOf(discoveryStack);
      const [state, region] = await Promise.all([
        run(undefined, '--only', 'state'),
        run(undefined, '--only', 'one-region'),
      ]);
      expect([state, region]).toMatchObject([deployed, deployed]);
      expect(queuesOf(stateStack)).not.toContain('NextQueue');
      expect(saidBy(region)).toContain('(no changes)');
      expect(changeSetsOf(discoveryStack)).toBe(before);
    },
    DEPLOY_MS_MAX,
  );

  it(
    'stops at a stack that somebody else is changing, and does not wait for it',
    async () => {
      const place = { account: eu, region: 'eu-central-1', stackName: `acme-${discoveryStack}` };
      front.stacks.show(place, 'UPDATE_IN_PROGRESS');
      const outcome = await run(next, '--only', 'one-region');
      expect(outcome.exitCode).toBe(1);
      expect(saidBy(outcome)).toContain(stopped);
      expect(saidBy(outcome)).toContain('is in UPDATE_IN_PROGRESS state and can not be updated.');
    },
    DEPLOY_MS_MAX,
  );
});
