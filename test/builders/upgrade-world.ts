/** Two versions of the product, the fleet of one, and the ways between them. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import OpenAI, { toFile } from 'openai';
import { createDynamodbKeyStore } from '#adapters/aws/dynamodb-key-store.ts';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { wavePlan } from '#core/deploy-waves/wave-plan.ts';
import type { Assembly } from '#local/cloudformation/assembly.ts';
import { nextTemplates } from '#test/deployed/next-version/next-templates.ts';
import { nextSources } from '#test/deployed/next-version/source-edits.ts';
import { aKey } from './a-key.ts';
import {
  callerKey,
  type DeployedFleet,
  euAccount,
  homeAccount,
  openFleet,
  stackOf,
  synthesizeFleet,
} from './deployed-fleet.ts';
import { watchFleet } from './fleet-watch.ts';
import { changedTree } from './source-tree.ts';
import { startTraffic, type Traffic } from './upgrade-traffic.ts';

export const home = { account: homeAccount, region: 'us-east-1' } as const;
export const europe = { account: euAccount, region: 'eu-central-1' } as const;
export const gatewayStacks = ['Gateway-us-east-1', 'Gateway-eu-central-1'] as const;
type GatewayStackId = (typeof gatewayStacks)[number];

export interface UpgradeWorld {
  readonly now: Assembly;
  readonly next: Assembly;
  readonly configFile: string;
  readonly fleet: DeployedFleet;
  readonly traffic: Traffic;
  /** Gateways under whose streams the function was replaced, each with the version that it then had. */
  readonly outlived: Set<string>;
  /** Handed in when a gateway was about to be replaced. */
  readonly batches: HandedIn[];
  close(): Promise<void>;
}

/** What a fleet is deployed from, and what it then goes to and comes back from. */
export interface Versions {
  readonly now: Assembly;
  /** May still be in the making while the fleet is deployed. */
  readonly next: Promise<Assembly>;
  readonly configFile: string;
  close(): void;
}

/** This tree, and the next version that is made from it. */
export function plantedVersions(): Versions {
  const tree = changedTree(nextSources);
  const { assembly: now, configFile, close } = synthesizeFleet({ bundles: true });
  const next = tree.synthesize(configFile).then(nextTemplates);
  // Told where it is awaited.
  next.catch(() => undefined);
  const closeBoth = () => {
    tree.close();
    close();
  };
  return { now, next, configFile, close: closeBoth };
}

/** A fleet of the first version under traffic, with all that it holds. */
export async function openUpgradeWorld(versions: Versions): Promise<UpgradeWorld> {
  const { now, configFile } = versions;
  const assets = new Map(now.assets);
  const fleet = await openFleet({ ...now, assets });
  await fleet.deploy();
  await passUntil(fleet, 16, async () => (await routesOf(fleet)).size === 4);
  const next = await versions.next;
  for (const [place, folder] of next.assets) assets.set(place, folder);
  const traffic = startTraffic(
    [
      {
        stack: 'Gateway-us-east-1',
        residency: 'us',
        regionPrefix: 'us-',
        baseUrl: fleet.baseUrl('Gateway-us-east-1'),
      },
      {
        stack: 'Gateway-eu-central-1',
        residency: 'eu',
        regionPrefix: 'eu-',
        baseUrl: fleet.baseUrl('Gateway-eu-central-1'),
      },
    ],
    callerKey,
  );
  await traffic.round();
  const close = async () => {
    await traffic.stop();
    await fleet.cloud.functions.idle();
    await fleet.close();
    versions.close();
  };
  return { now, next, configFile, fleet, traffic, outlived: new Set(), batches: [], close };
}

export async function passUntil(
  fleet: DeployedFleet,
  minutesMax: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  for (let minute = 0; minute < minutesMax; minute += 1) {
    if (await holds()) return;
    await fleet.passMinutes(1);
    await fleet.cloud.functions.idle();
  }
  if (!(await holds())) throw new Error(`it was not so after ${minutesMax} minutes`);
}

/** Of the test's own calls: a machine that pauses is no defect. */
const callMsMax = 30_000;
const pollMs = 10;
const waitMsMax = 150_000;
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + waitMsMax;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${waitMsMax} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** As this version reads them, by model and residency, with those that it cannot read. */
export async function routesOf(fleet: DeployedFleet) {
  const { routes, bad = [] } = await routeStore(fleet).loadAll();
  const key = (route: { readonly model: string; readonly residency: string }) =>
    `${route.model}/${route.residency}`;
  return new Map([
    ...routes.map((route) => [key(route), `version ${route.version}`] as const),
    ...bad.map((item) => [key(item), `unread: ${item.why}`] as const),
  ]);
}

const routeStore = ({ cloud }: DeployedFleet) =>
  createDynamodbRouteStore({
    client: cloud.clients.dynamodb(home),
    table: 'acme-routes',
    models: ['chat-large', 'embed'],
    region: home.region,
    regions: [europe.region],
    digest: cryptoDigest,
    callMsMax,
  });

/** What operators leave in a fleet: a hold, a target that is switched off, its audit, and API keys. */
export async function fillState(fleet: DeployedFleet): Promise<void> {
  const client = fleet.cloud.clients.dynamodb(home);
  const end = '2027-01-01T00:00:00.000Z';
  const words = { by: 'ada', reason: 'a test of upgrades', until: end };
  await routeStore(fleet).saveHold({ model: 'chat-large', residency: 'us', ...words });
  const operators = createDynamodbOperatorStore({
    client,
    table: 'acme-routes',
    region: home.region,
    regions: [],
    callMsMax,
  });
  await operators.saveDisabled({ target: `${homeAccount}/us-west-1/nothing`, ...words });
  await createDynamodbKeyStore({ client, table: 'acme-tenants', callMsMax }).save(aKey(), undefined);
  // A member that no version before the next one knows.
  await client.send(
    new UpdateItemCommand({
      TableName: 'acme-tenants',
      Key: { tenant: { S: 'demo' }, item: { S: 'key#ci#1' } },
      UpdateExpression: 'SET #team = :team',
      ExpressionAttributeNames: { '#team': 'team' },
      ExpressionAttributeValues: { ':team': { S: 'tides' } },
    }),
  );
}

interface HandedIn {
  readonly id: string;
  /** Of the lines that were answered, when all were called. */
  results(): Promise<readonly string[]>;
}

/** A batch of two lines. */
export async function handInBatch(fleet: DeployedFleet, stack: GatewayStackId): Promise<HandedIn> {
  const client = new OpenAI({
    baseURL: fleet.baseUrl(stack),
    apiKey: callerKey,
    defaultHeaders: { 'x-spillway-residency': stack === 'Gateway-us-east-1' ? 'us' : 'eu' },
    // A machine that pauses makes a store too slow for the product; whose answers are judged are other callers.
    maxRetries: 5,
  });
  const body = { model: 'chat-large', messages: [{ role: 'user', content: 'tide' }] };
  const lines = ['one', 'two'].map((custom_id) =>
    JSON.stringify({ custom_id, method: 'POST', url: '/v1/chat/completions', body }),
  );
  const file = await toFile(Buffer.from(`${lines.join('\n')}\n`), 'lines.jsonl');
  const { id: input_file_id } = await client.files.create({ purpose: 'batch', file });
  const { id } = await client.batches.create({
    input_file_id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  return {
    id,
    async results(): Promise<readonly string[]> {
      let output: string | undefined;
      await until(`the end of ${id}`, async () => {
        const batch = await client.batches.retrieve(id);
        output = batch.output_file_id ?? undefined;
        return batch.status === 'completed';
      });
      const text = await (await client.files.content(output ?? '')).text();
      const answers = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return answers
        .filter(({ response }) => response?.status_code === 200)
        .map(({ custom_id }) => String(custom_id))
        .sort();
    },
  };
}

/** Whether a queue is there, before it is made: the fleet itself asks no queue for its attributes. */
const isAskedByDeployer = (problem: string): boolean =>
  /^sqs GetQueueAttributes of .*: QueueDoesNotExist$/.test(problem);

/** Deploys by the plan of `spillway deploy-waves`, and answers what went wrong in the fleet, wave by wave. */
export async function deployInWaves(
  world: UpgradeWorld,
  assembly: Assembly,
  {
    readersFirst = false,
    behind,
  }: { readonly readersFirst?: boolean; behind?(wave: string): Promise<void> } = {},
): Promise<readonly string[]> {
  const { fleet, traffic } = world;
  const problems: string[] = [];
  const waves = wavePlan(assembly.stacks, { homeRegion: home.region, bakeSeconds: 0, readersFirst });
  for (const { name, stacks } of waves) {
    const watch = await watchFleet(fleet);
    for (const { id } of assembly.stacks.filter((stack) => stacks.includes(stack.id))) {
      await replaceUnderStreams(world, id, () => fleet.deployment.deploy(stackOf(assembly, id)));
    }
    await behind?.(name);
    // Nobody calls keys, and who calls discovery is the clock.
    if (!['keys', 'all-others'].includes(name)) await traffic.round();
    const found = (await watch.problems()).filter((problem) => !isAskedByDeployer(problem));
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  }
  return problems;
}

/** Where the stack is a gateway's, not before a batch of it was begun and a stream comes from it. */
async function replaceUnderStreams(
  world: UpgradeWorld,
  id: string,
  deploy: () => Promise<unknown>,
): Promise<void> {
  const stack = gatewayStacks.find((one) => one === id);
  if (stack === undefined) {
    await deploy();
    return;
  }
  const { fleet, traffic, outlived, batches, next } = world;
  batches.push(await handInBatch(fleet, stack));
  const stream = await slowStream(world, stack);
  const place = stack === 'Gateway-us-east-1' ? home : europe;
  const arn = `arn:aws:lambda:${place.region}:${place.account}:function:acme-gateway`;
  const folder = () => fleet.cloud.functions.find(arn).spec.folder;
  const before = folder();
  const deploying = deploy();
  // Told where it is awaited.
  deploying.catch(() => undefined);
  await Promise.race([deploying, until('new code', () => folder() !== before)]);
  const way = [...next.assets.values()].includes(folder()) ? 'next' : 'back';
  if (traffic.isComing(stack, stream)) outlived.add(`${stack} ${way}`);
  await deploying;
}

/** How long a model holds an answer back in its middle: longer than its function is reached by a deployment. */
const stallMs = 2_500;
/** A stream, a whole answer, and the lines of a batch. */
const stalledCalls = 4;

/** A stream of the gateway that will be coming for a while. @returns its number */
export async function slowStream({ fleet, traffic }: UpgradeWorld, stack: GatewayStackId): Promise<number> {
  const region = stack === 'Gateway-us-east-1' ? 'us-*' : 'eu-*';
  const stall = { kind: 'stall-stream', afterChunks: 1, milliseconds: stallMs, count: stalledCalls };
  const body = JSON.stringify([{ service: 'bedrock-runtime', region, ...stall }]);
  const answer = await fetch(`${fleet.cloud.aws.url}/_local/faults`, { method: 'PUT', body });
  if (!answer.ok) throw new Error(await answer.text());
  return traffic.midStream(stack);
}
