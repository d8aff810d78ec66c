/**
 * A small fleet, synthesised with its bundles as `cdk synth` would and deployed to local AWS: two accounts, three regions
 * each with discovery, a gateway in either account. Everything runs as the templates say; only prompts are not sent to AWS.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { type Assembly, type AssemblyStack, readAssembly } from '#local/cloudformation/assembly.ts';
import { type Cloud, type CloudOptions, openCloud } from '#local/cloudformation/cloud.ts';
import { Deployment } from '#local/cloudformation/deployment.ts';
import { handlers } from '#local/cloudformation/handlers/handlers.ts';
import type { JournalEntry } from '#local/control/journal.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import type { TemplateChange } from '#test/builders/template-changes.ts';

export const homeAccount = '111111111111';
export const euAccount = '222222222222';
/** Random enough for a key whose hash lies in a bundle. */
export const callerKey = `sk-${createHash('sha256').update('a caller of the deployed fleet').digest('hex')}`;

export const fleetInput = {
  name: 'acme',
  home: { account: homeAccount, region: 'us-east-1' },
  accounts: [
    { id: homeAccount, name: 'prod-us', regions: ['us-east-1', 'us-east-2', 'us-west-2'] },
    { id: euAccount, name: 'prod-eu', regions: ['eu-central-1', 'eu-west-1', 'eu-north-1'] },
  ],
  gateways: ['us-east-1', 'eu-central-1'],
  residencies: { us: { jurisdictions: ['US'] }, eu: { jurisdictions: ['EU'] } },
  models: {
    'chat-large': {
      candidates: ['anthropic.claude-sonnet-4-5-20250929-v1:0'],
      baseline: { us: ['us-east-1'], eu: ['eu-central-1'] },
    },
    embed: {
      kind: 'embedding',
      candidates: ['amazon.titan-embed-text-v2:0'],
      baseline: { us: ['us-east-1'], eu: ['eu-central-1'] },
    },
  },
  tenants: {
    demo: {
      keyHashes: [createHash('sha256').update(callerKey).digest('hex')],
      residencies: ['us', 'eu'],
      models: ['*'],
    },
  },
  audit: { enabled: true },
};

function checked(input: unknown): SpillwayConfig {
  const parsed = parseConfig(input);
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

export interface SynthesizedFleet {
  readonly assembly: Assembly;
  /** What it was made from, for the command line. */
  readonly configFile: string;
  close(): void;
}

interface FleetOptions {
  /** Of every stack, of none, or of those that are named. */
  readonly bundles: boolean | readonly string[];
  /** @default - the fleet of two accounts */
  readonly input?: { readonly name: string };
}

/** @param bundles without them templates come fast, and functions can be made but not called */
export function synthesizeFleet({ bundles, input = fleetInput }: FleetOptions): SynthesizedFleet {
  const outdir = mkdtempSync(join(tmpdir(), 'spillway-fleet-'));
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({
    outdir,
    builtinCloudFormationValidation: false,
    context: { ...context, ...(bundles === true ? {} : { 'aws:cdk:bundling-stacks': bundles || [] }) },
  });
  createSpillwayStacks(app, { config: checked(input), facts: shippedFacts });
  app.synth();
  const read = readAssembly(outdir);
  const assembly = bundles !== false ? read : { ...read, assets: standIns(read, outdir) };
  const configFile = join(outdir, 'spillway.config.json');
  writeFileSync(configFile, JSON.stringify(input));
  return { assembly, configFile, close: () => rmSync(outdir, { recursive: true, force: true }) };
}

/** In the place of every bundle a module of the same name. */
function standIns({ assets }: Assembly, outdir: string): ReadonlyMap<string, string> {
  const folder = join(outdir, 'no-bundle');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), '');
  return new Map([...assets.keys()].map((place) => [place, folder]));
}

/** Where the clock of schedules begins: five minutes before verify and plan are due. */
const begin = new Date('2026-11-21T08:00:00Z');
const pepper = createHash('sha256').update('the pepper of the deployed fleet').digest('hex');

export interface DeployedFleet {
  readonly cloud: Cloud;
  readonly deployment: Deployment<Cloud>;
  /** Brings up stacks by their ids on the command line, and those that they depend on. @default all */
  deploy(ids?: readonly string[]): Promise<void>;
  /** Lets the clock of schedules run on. */
  passMinutes(count: number): Promise<void>;
  /** What the stand-in received. */
  journal(service?: string): Promise<readonly JournalEntry[]>;
  /** Where the API of a gateway's stack answers, from the stack's own output. */
  baseUrl(stackId: string): string;
  close(): Promise<void>;
}

/** Empty: `deploy` fills it. */
export async function openFleet(
  assembly: Assembly,
  given: Pick<CloudOptions, 'zones'> = {},
): Promise<DeployedFleet> {
  const cloud = await openCloud({ ...given, assets: assembly.assets, now: begin, timeScale: 0 });
  const secrets = Object.fromEntries(
    assembly.stacks.flatMap(({ account, region }) =>
      ['acme', 'solo'].map((name) => [`${account}/${region}/${name}/key-pepper`, pepper]),
    ),
  );
  const parameters = { '/cdk-bootstrap/hnb659fds/version': '30' };
  const deployment = new Deployment({ handlers, cloud }, { parameters, secrets });
  return {
    cloud,
    deployment,
    async deploy(ids) {
      const wanted = ids === undefined ? undefined : withDependencies(assembly, ids);
      for (const stack of assembly.stacks) {
        if (wanted === undefined || wanted.has(stack.id)) await deployment.deploy(stack);
      }
    },
    passMinutes: (count) =>
      cloud.schedules.runUntil(new Date(cloud.schedules.now.getTime() + count * 60_000)),
    async journal(service) {
      const query = service === undefined ? '' : `?service=${service}`;
      const answer = await fetch(`${cloud.aws.url}/_local/journal${query}`);
      return (await answer.json()) as JournalEntry[];
    },
    baseUrl: (stackId) => baseUrlOf(cloud, deployment, stackOf(assembly, stackId)),
    close: () => cloud.close(),
  };
}

/** The ids themselves, and the ids of all that must stand before them. */
export function withDependencies(assembly: Assembly, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (id: string): void => {
    const stack = assembly.stacks.find((entry) => entry.id === id);
    if (stack === undefined || found.has(id)) return;
    found.add(id);
    stack.dependencies.forEach(add);
  };
  ids.forEach(add);
  return found;
}

/** A stack with one thing wrong. */
export function changedStack(assembly: Assembly, id: string, change: TemplateChange): AssemblyStack {
  const stack = stackOf(assembly, id);
  const template = structuredClone(stack.template) as Parameters<TemplateChange>[0];
  change(template);
  return { ...stack, template };
}

export function stackOf(assembly: Assembly, id: string): AssemblyStack {
  const stack = assembly.stacks.find((entry) => entry.id === id);
  if (stack === undefined)
    throw new Error(`no stack ${id}; there are ${assembly.stacks.map((one) => one.id)}`);
  return stack;
}

function baseUrlOf(
  cloud: Cloud,
  deployment: Deployment<Cloud>,
  { account, region, stackName }: AssemblyStack,
) {
  const url = deployment.stacks.get(`${account}/${region}/${stackName}`)?.outputs.get('BaseUrl') ?? '';
  const [, id = '', door = '', path = ''] =
    /^https:\/\/([a-z0-9]+)\.(execute-api|lambda-url)\.[^/]+(\/.*)$/.exec(url) ?? [];
  if (id === '') throw new Error(`${stackName} has no output BaseUrl: ${url}`);
  const { restApis, functionUrls } = cloud;
  return `${door === 'lambda-url' ? functionUrls.originOf(id) : restApis.originOf(id)}${path}`;
}
