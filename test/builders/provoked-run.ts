/** Local mode in this process, made to publish nearly every metric: what callers, faults and batches provoke in a few seconds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLocalModeOptions } from '#local-mode/options.ts';
import { startLocalMode } from '#local-mode/start-local-mode.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

export const provokedHome = { account: '111111111111', region: 'us-east-1' } as const;
const { account, region } = provokedHome;
const nova = 'amazon.nova-lite-v1:0';

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
};

const config = {
  ...{ name: 'boards', home: provokedHome, gateways: [region] },
  accounts: [{ id: account, regions: ['us-east-1', 'us-west-2'] }],
  residencies: { us: { jurisdictions: ['US'] } },
  models: provokedModels,
  tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
  // Nobody begins to answer within a millisecond.
  slo: { firstTokenMs: 1 },
  audit: { enabled: true },
  metrics: { budgetUsdPerMonth: 1_000 },
};

export interface ProvokedRun {
  readonly awsUrl: string;
  close(): Promise<void>;
}

/** Discovery runs often, so that its faults show within the run. */
const DISCOVER_SECONDS = '1';

export async function openProvokedRun(): Promise<ProvokedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-provoked-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const parsed = parseLocalModeOptions(
    ['--port', '0', '--aws-port', '0', '--discover-every', DISCOVER_SECONDS, '--config', file],
    {},
  );
  if (!parsed.ok) throw new Error(parsed.violations.join());
  const stop = new AbortController();
  const request = {
    options: parsed.options,
    folder: projectFolder,
    tell: () => undefined,
    stop: stop.signal,
  };
  const { awsUrl, gateways, stopped } = await startLocalMode(request);
  await provoke(new Caller(gateways[0]?.url ?? '', awsUrl));
  return {
    awsUrl,
    async close() {
      stop.abort();
      await stopped;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

class Caller {
  readonly #url: string;
  readonly #awsUrl: string;

  constructor(url: string, awsUrl: string) {
    this.#url = url;
    this.#awsUrl = awsUrl;
  }

  async post(
    path: string,
    body: Json | FormData,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Json> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-local',
        ...(isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isForm ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return text.startsWith('{') ? JSON.parse(text) : {};
  }

  chat(model: string, more: Json = {}, headers: Readonly<Record<string, string>> = {}): Promise<Json> {
    const body = {
      model,
      messages: [{ role: 'user', content: 'When is low water?' }],
      max_tokens: 40,
      ...more,
    };
    return this.post('/v1/chat/completions', body, headers);
  }

  /** Two calls of one trace; the second one finds no copy awake. */
  async chain(traceId: string): Promise<void> {
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    await this.post('/v1/embeddings', { model: 'embed', input: 'low water' }, { traceparent });
    await this.chat('chat-cold', {}, { traceparent });
  }

  /** Puts a batch of three lines in. */
  async batch(model: string): Promise<void> {
    const line = (id: string): string => {
      const body = { model, messages: [{ role: 'user', content: id }], max_tokens: 8 };
      return JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });
    };
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([['ebb', 'flood', 'slack'].map(line).join('\n')]), 'tides.jsonl');
    const { id } = await this.post('/v1/files', form);
    await this.post('/v1/batches', {
      ...{ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' },
    });
  }

  async faults(rules: readonly Json[]): Promise<void> {
    const response = await fetch(`${this.#awsUrl}/_local/faults`, {
      method: 'PUT',
      body: JSON.stringify(rules),
    });
    if (!response.ok) throw new Error(await response.text());
  }
}

const calls = 'bedrock-runtime';
/** More at once than retries are budgeted for. */
const STORM = 30;

/** From the beginning to the end, for discovery comes by when it can: a list that fails, and points that get lost on their way. */
const always = [
  {
    ...{ service: 'bedrock', operation: 'ListInferenceProfiles', region },
    ...{ kind: 'error', error: 'InternalServerException' },
  },
  {
    ...{ service: 'monitoring', target: 'Spillway/Availability', region },
    ...{ kind: 'error', error: 'InternalServiceFault', count: 1 },
  },
];

async function provoke(caller: Caller): Promise<void> {
  await caller.faults(always);
  await caller.batch('chat-large');
  await caller.chat('chat-large', { stream: true });
  await Promise.all(
    ['4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c'].map((id) => caller.chain(id)),
  );
  await Promise.all(Array.from({ length: 6 }, () => caller.chat('chat-small', { max_tokens: 120 })));
  await caller.faults([...always, { service: 'sagemaker-runtime', kind: 'omit-usage' }]);
  await caller.chat('chat-small', { stream: true });
  await caller.faults([...always, { service: calls, region, kind: 'throttle' }]);
  await Promise.all(Array.from({ length: 3 }, () => caller.chat('chat-large')));
  // What stays to the end: one model refuses every word, the other one is broken, and the trail takes no record.
  const toTheEnd = [
    ...always,
    { service: calls, target: '*nova*', kind: 'error', error: 'ValidationException' },
    { service: calls, kind: 'error', error: 'InternalServerException' },
    { service: 'sqs', target: 'boards-audit', operation: 'SendMessage*', kind: 'reset' },
  ];
  await caller.faults(toTheEnd);
  await caller.batch('chat-cold');
  await Promise.all(Array.from({ length: STORM }, () => caller.chat('chat-large')));
  // Keys are read every five seconds, and from now on they cannot be.
  const unreadKeys = {
    service: 'dynamodb',
    target: 'boards-tenants',
    kind: 'error',
    error: 'InternalServerError',
  };
  await caller.faults([unreadKeys, ...toTheEnd]);
}
