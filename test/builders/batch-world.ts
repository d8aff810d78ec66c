/** A gateway over HTTP with its bulk lane on a stand-in AWS, and dispatchers as processes that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { provisionBulk } from '#adapters/aws/bulk-provisioner.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { RECEIPTS_UNTIL_DEAD } from '#contract/batch-messages.ts';
import { batchBucketName, deadQueueName } from '#contract/resources.ts';
import { lifecycleDays } from '#core/batch/retention.ts';
import type { GatewayRuntime } from '#runtime/gateway-runtime.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { type GatewayWorld, localKeys, openGatewayWorld } from '#test/builders/gateway-world.ts';
import { projectFolder } from '#test/tidy/source-files.ts';
import { dispatchQueues } from '#usecases/batch/dispatch.ts';
import type { Clock } from '#usecases/ports/clock.ts';

export interface BatchWorld {
  readonly world: GatewayWorld;
  readonly runtime: GatewayRuntime;
  readonly served: ServedGateway;
  readonly account: string;
  readonly region: string;
  /** Resolves when everything is closed; dispatchers too. */
  close(): Promise<void>;
  client(headers?: Record<string, string>): OpenAI;
  /** Processes, one after the other: while one works the next one stands by, so that a kill costs no start. */
  dispatchers(pace: DispatcherPace, countMax: number): { start(): Promise<ProcessDispatcher> };
}

interface DispatcherPace {
  readonly messagesMax: number;
  readonly leaseMs: number;
  readonly hiddenSeconds: number;
}

interface ProcessDispatcher {
  /** As a machine that loses its power. Resolves when it is dead. */
  kill(): Promise<void>;
}

/** @param clock of the gateway and of its bucket @default - the machine's */
export async function openBatchWorld(clock: Clock = systemClock): Promise<BatchWorld> {
  const region = 'us-east-1';
  const world = await openGatewayWorld({ now: () => new Date(clock.now()) });
  const { config, awsUrl } = world;
  const account = config.accounts.find(({ regions }) => regions.includes(region))?.id ?? config.home.account;
  await provisionBulk(
    {
      region,
      bucket: batchBucketName(config.name, account, region),
      lifecycleDays: lifecycleDays(config.batches.retentionDays),
      queues: dispatchQueues({ config }),
      deadQueue: deadQueueName(config.name),
      receiptsMax: RECEIPTS_UNTIL_DEAD,
    },
    { endpoint: awsUrl, credentials: localKeys(account) },
  );
  const runtime = await world.openGateway(region, { clock });
  const served = await serveGateway({ handle: (request) => runtime.gateway.answer(request), port: 0 });
  const children: ChildProcess[] = [];
  const caches = await mkdtemp(join(tmpdir(), 'spillway-dispatchers-'));
  return {
    world,
    runtime,
    served,
    account,
    region,
    client: (headers = { 'x-spillway-residency': 'us' }) =>
      new OpenAI({ baseURL: `${served.url}/v1`, apiKey: 'sk-local', maxRetries: 0, defaultHeaders: headers }),
    dispatchers(pace, countMax) {
      const settings = { config, awsUrl, account, region, ...pace };
      let left = countMax;
      const spawnNext = (): Promise<ChildProcess> | undefined => {
        left -= 1;
        if (left < 0) return undefined;
        const child = spawnDispatcher(settings, caches);
        children.push(child);
        return once(child, 'message').then(() => child);
      };
      let next = spawnNext();
      return {
        async start() {
          const child = await next;
          if (child === undefined) throw new Error(`no more than ${countMax} dispatchers were asked for`);
          child.send('begin');
          next = spawnNext();
          return { kill: () => kill(child) };
        },
      };
    },
    async close() {
      await Promise.all(children.map(kill));
      await served.close();
      await world.close();
      await rm(caches, { recursive: true, force: true });
    },
  };
}

/** @param caches a folder: what the first one compiled the next ones find there */
function spawnDispatcher(settings: object, caches: string): ChildProcess {
  const file = join(projectFolder, 'bench/batch-dispatcher.ts');
  return spawn(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: caches },
  });
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** One chat for each number, named by it. */
export function chatLines(count: number, body: object = {}): string {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `line-${index}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: {
        model: 'chat-small',
        messages: [{ role: 'user', content: `Say the number ${index}` }],
        max_tokens: 8,
        ...body,
      },
    }),
  );
  return `${lines.join('\n')}\n`;
}

export async function startBatch(
  client: OpenAI,
  lines: string,
  endpoint: '/v1/chat/completions' | '/v1/embeddings' = '/v1/chat/completions',
): Promise<OpenAI.Batch> {
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines), 'in.jsonl'),
    purpose: 'batch',
  });
  return client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' });
}

export async function batchEnd(client: OpenAI, id: string, msMax = 60_000): Promise<OpenAI.Batch> {
  return batchWhere(
    client,
    id,
    ({ status }) => ['completed', 'failed', 'expired', 'cancelled'].includes(status),
    msMax,
  );
}

const POLL_MS = 100;

/** Polls until the batch is so, with a deadline. */
export async function batchWhere(
  client: OpenAI,
  id: string,
  isSo: (batch: OpenAI.Batch) => boolean,
  msMax = 60_000,
  pollMs = POLL_MS,
): Promise<OpenAI.Batch> {
  const end = performance.now() + msMax;
  for (;;) {
    // A busy machine may be too slow for a store's deadline: the client asks again.
    const batch = await client.batches.retrieve(id, { maxRetries: 5 });
    if (isSo(batch)) return batch;
    if (performance.now() > end) throw new Error(`after ${msMax} ms it is ${JSON.stringify(batch)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export interface OutputLine {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: Record<string, unknown> } | null;
  readonly error: { readonly code: string } | null;
}

/** The lines of a file; none where there is no file. */
export async function linesOf(
  client: OpenAI,
  file: string | null | undefined,
): Promise<readonly OutputLine[]> {
  if (file === null || file === undefined) return [];
  const text = await (await client.files.content(file)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OutputLine);
}
