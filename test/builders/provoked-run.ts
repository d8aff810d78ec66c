/** Local mode in this process, made to publish every metric: by callers, faults, batches, and what others leave in its tables. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { LocalModeEvent } from '#local-mode/announce.ts';
import { parseLocalModeOptions } from '#local-mode/options.ts';
import { startLocalMode } from '#local-mode/start-local-mode.ts';
import { openPlantedItems, type PlantedItems } from '#test/builders/planted-items.ts';
import { type Json, ProvokingCaller } from '#test/builders/provoking-caller.ts';
import { openPublishedPoints, type PublishedPoints } from '#test/builders/published-points.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

export const provokedHome = { account: '111111111111', region: 'us-east-1' } as const;
const { account, region } = provokedHome;
const nova = 'amazon.nova-lite-v1:0';
const idle = 'cohere.embed-multilingual-v3';
/** Whose report nobody can read before long: discovery may not write over it, and nobody hears of the region. */
const SILENT = 'us-east-2';

const endpoint = (name: string, copies: number) => ({
  ...{ account, region, endpoint: name, copies, concurrencyPerCopy: 1, kvTokensPerCopy: 100_000 },
});

export const provokedModels = {
  'chat-large': {
    candidates: ['anthropic.claude-sonnet-4-5-20250929-v1:0'],
    baseline: { us: ['us-east-1', 'us-west-2'] },
  },
  // One slot: what comes beside the first request waits and goes on.
  'chat-small': {
    candidates: [nova],
    dedicated: [endpoint('chat-small', 1)],
    baseline: { us: ['us-east-1'] },
  },
  'chat-cold': { candidates: [nova], dedicated: [endpoint('chat-cold', 0)], baseline: { us: ['us-east-1'] } },
  embed: {
    ...{ kind: 'embedding', candidates: ['amazon.titan-embed-text-v2:0'] },
    baseline: { us: ['us-east-1'] },
  },
  // Nobody calls it, so that no call vouches for what a list says of it.
  'embed-idle': { kind: 'embedding', candidates: [idle], baseline: { us: ['us-east-1'] } },
};

const config = {
  ...{ name: 'boards', home: provokedHome, gateways: [region] },
  accounts: [{ id: account, regions: ['us-east-1', 'us-west-2', SILENT] }],
  residencies: { us: { jurisdictions: ['US'] } },
  models: provokedModels,
  tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
  // Nobody begins to answer within a millisecond.
  slo: { firstTokenMs: 1 },
  audit: { enabled: true },
  // One chain tells what the next one needs.
  chains: { chainsMin: 1, neededShareMin: 0.01 },
  metrics: { budgetUsdPerMonth: 1_000 },
};

export interface ProvokedRun {
  readonly points: PublishedPoints;
  /** What local mode tells of itself in Prometheus’s format. */
  prometheusText(): Promise<string>;
  close(): Promise<void>;
}

/** @param otlpEndpoint a collector that is told of everything as well */
export async function openProvokedRun(otlpEndpoint: string): Promise<ProvokedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-provoked-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  // Discovery runs often, so that its faults show within the run.
  const parsed = parseLocalModeOptions(
    ['--port', '0', '--aws-port', '0', '--metrics-port', '0', '--discover-every', '1', '--config', file],
    {},
  );
  if (!parsed.ok) throw new Error(parsed.violations.join());
  const stop = new AbortController();
  let metricsUrl = '';
  const request = {
    options: parsed.options,
    folder: projectFolder,
    tell(told: LocalModeEvent) {
      if (told.event === 'metrics') metricsUrl = told.url;
    },
    stop: stop.signal,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint },
  };
  const { awsUrl, gateways, stopped } = await startLocalMode(request);
  const points = openPublishedPoints({ awsUrl, ...provokedHome });
  const items = openPlantedItems({ awsUrl, deployment: config.name, ...provokedHome });
  await provoke({ caller: new ProvokingCaller(gateways[0]?.url ?? '', awsUrl), points, items });
  return {
    points,
    prometheusText: async () => (await fetch(metricsUrl)).text(),
    async close() {
      points.close();
      items.close();
      stop.abort();
      await stopped;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const calls = 'bedrock-runtime';
/** More at once than retries are budgeted for. */
const STORM = 30;

/** From the beginning to the end, for discovery comes by when it can: a list that fails, and points that get lost on their way. */
const always: readonly Json[] = [
  {
    ...{ service: 'bedrock', operation: 'ListInferenceProfiles', region },
    // Not worth a retry: a round of discovery does not wait for it.
    ...{ kind: 'error', error: 'AccessDeniedException' },
  },
  {
    ...{ service: 'monitoring', target: 'Spillway/Availability', region },
    ...{ kind: 'error', error: 'InternalServiceFault', count: 1 },
  },
];

interface Means {
  readonly caller: ProvokingCaller;
  readonly points: PublishedPoints;
  readonly items: PlantedItems;
}

async function provoke(means: Means): Promise<void> {
  const { caller } = means;
  await caller.faults(always);
  await loseSight(means);
  await caller.batch('chat-large');
  await caller.chat('chat-large', { stream: true });
  // The second call finds no copy awake, and the third one the only copy of its model.
  await Promise.all([caller.chain('chat-cold'), caller.chain('chat-cold', 'chat-small')]);
  await crowd(means);
  await caller.faults([...always, { service: 'sagemaker-runtime', kind: 'omit-usage' }]);
  await caller.chat('chat-small', { stream: true });
  const asleep = fallAsleep(means);
  await caller.faults([...always, { service: calls, region, kind: 'throttle' }]);
  await Promise.all(Array.from({ length: 3 }, () => caller.chat('chat-large')));
  await dieInTheMiddle(means);
  await asleep;
  await breakToTheEnd(means);
  await until('a standing refusal', () => means.items.anHourLater());
}

/** More callers than the one copy has slots for. */
async function crowd({ caller, points }: Means): Promise<void> {
  await until('a slot that was not given', async () => {
    await Promise.all(Array.from({ length: 6 }, () => caller.chat('chat-small', { max_tokens: 120 })));
    return points.has('LaneDenials', 'LaneQueueWait');
  });
}

/** Nobody answers the lines of a batch, so that they wait; a dispatcher takes them and dies, and the next one calls them again. */
async function dieInTheMiddle({ caller, points, items }: Means): Promise<void> {
  await caller.faults([...always, { service: calls, kind: 'throttle' }]);
  const batch = await caller.batch('chat-large');
  await until('a chunk of nobody', () => items.deadDispatcher(batch));
  await caller.faults(always);
  await until('a repeated call', () => points.has('BatchCallsRepeated'));
}

/** A report that nobody can read, and a list whose word on a model changes without a second sign: the guard keeps the route. */
async function loseSight({ caller, items }: Means): Promise<void> {
  await items.unreadableReport(SILENT);
  const regions = ['us-east-1', 'us-west-2'];
  const entries = regions.map((each) => ({ region: each, modelId: idle, inferenceTypes: ['PROVISIONED'] }));
  await caller.world('PATCH', 'catalogue', entries);
}

/** The copy that an earlier chain used goes. As soon as the gateway has heard of it, the next chain wakes it before it asks. */
async function fallAsleep({ caller, points }: Means): Promise<void> {
  await caller.world('PATCH', 'endpoints', [{ region, endpoint: 'chat-small', copies: 0 }]);
  await until('a call that wakes for a chain', async () => {
    await caller.chain();
    return points.has('PreWarms');
  });
}

/** What stays to the end: one model refuses every word, the other one is broken, the trail takes no record, and keys are gone. */
async function breakToTheEnd({ caller, points }: Means): Promise<void> {
  const toTheEnd = [
    ...always,
    { service: calls, target: '*nova*', kind: 'error', error: 'ValidationException' },
    { service: calls, kind: 'error', error: 'InternalServerException' },
    { service: 'sqs', target: 'boards-audit', operation: 'SendMessage*', kind: 'reset' },
  ];
  await caller.faults(toTheEnd);
  await caller.batch('chat-cold');
  await until('a refused retry', async () => {
    await Promise.all(Array.from({ length: STORM }, () => caller.chat('chat-large')));
    return points.has('RetriesRefused');
  });
  // Keys are read every five seconds, and from now on they cannot be.
  const unreadKeys = {
    service: 'dynamodb',
    target: 'boards-tenants',
    kind: 'error',
    error: 'InternalServerError',
  };
  await caller.faults([unreadKeys, ...toTheEnd]);
}

/** What is provoked here is seen within seconds; a busy machine takes several times that. */
const SEEN_MS_MAX = 90_000;
const LOOK_MS = 200;

function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
  return vi.waitFor(
    async () => {
      if (!(await isDone())) throw new Error(`${what} could not be provoked`);
    },
    { timeout: SEEN_MS_MAX, interval: LOOK_MS },
  );
}
