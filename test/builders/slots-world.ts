/** Gateways of one region behind sockets of their own, before one endpoint of the local AWS with 2 × 16 slots. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { createConnectionPool, openDynamodb } from '#adapters/aws/aws-clients.ts';
import { createDynamodbBlockStore } from '#adapters/aws/dynamodb-block-store.ts';
import { createDynamodbCapacityLedger } from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createUpstreamClient } from '#adapters/aws/upstream-client.ts';
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { serveGateway } from '#server/node-server.ts';
import { aGateway, configWithoutBaseline, type TestGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';
import { fixedCredentials } from '#test/builders/upstream-client.ts';
import { createBlockCapacityLedger } from '#usecases/capacity/block-capacity-ledger.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';
import type { Clock } from '#usecases/ports/clock.ts';

export const SLOTS = 32;
const account = '111111111111';
const region = 'us-east-1';
const dedicated = aDedicatedTarget({ account, region, share: { [region]: SLOTS } });
const serverless = aTarget({ account, region });

export interface JournalCall {
  readonly at: string;
  readonly operation: string;
  readonly target: string | null;
  readonly durationMs: number;
  readonly aborted: boolean;
}

export interface SlotsGateway extends Pick<TestGateway, 'gateway' | 'records' | 'events'> {
  chat(ask?: {
    readonly lane?: string;
    readonly body?: object;
    readonly signal?: AbortSignal;
  }): Promise<Response>;
}

export interface SlotsWorld {
  /**
   * One more process of the region: it shares nothing with others but the table of slots.
   *
   * @param options.patience how many times as long as a deployed one it waits for that table: a busy machine is no outage
   */
  openGateway(options: {
    readonly patience: number;
    readonly servesMany?: boolean;
    /** @default `pages` */
    readonly ledger?: 'pages' | 'blocks' | 'memory';
    /** @default - the example's */
    readonly config?: SpillwayConfig;
    /** KV tokens of the endpoint, as one copy. @default - only slots are limited */
    readonly kvTokens?: number;
  }): Promise<SlotsGateway>;
  setFaults(rules: readonly object[]): Promise<void>;
  /** Calls of a service. @default - of the endpoint */
  journal(service?: 'sagemaker-runtime' | 'bedrock-runtime'): Promise<readonly JournalCall[]>;
  clearJournal(): Promise<void>;
  /** Leases in the table that have not expired. */
  slotsHeld(): Promise<number>;
  /** KV tokens in the table, as its pages sum them up. */
  kvTokensHeld(): Promise<number>;
  close(): Promise<void>;
}

export async function openSlotsWorld(): Promise<SlotsWorld> {
  const aws = await createLocalAws({ port: 0, timeScale: 0 });
  await provisionEndpoint(
    { account, region, endpoint: 'chat-small', copies: 2, concurrencyPerCopy: 16, servedModel: 'chat-small' },
    { endpoint: aws.url, credentials: localCredentials(account) },
  );
  const upstream = createUpstreamClient({ credentials: fixedCredentials, endpoint: aws.url });
  const invoker = createTargetInvoker(upstream);
  const table = await provisionSlots(aws.url);
  const pool = createConnectionPool();
  const credentials = localCredentials(account);
  const client = openDynamodb({ region, credentials, endpoint: aws.url }, pool);
  // Its own connections: those of the gateways may all hang.
  const watchersPool = createConnectionPool();
  const watcher = openDynamodb({ region, credentials, endpoint: aws.url }, watchersPool);
  const blocksOf = (patience: number): CapacityLedger =>
    createBlockCapacityLedger({
      store: createDynamodbBlockStore({ client, table, callMsMax: Math.max(1000, 100 * patience) }),
      clock: patientClock(patience),
      log: { write: () => undefined },
      holder: uuidRequestIds.next(),
    });
  const pagesOf = (patience: number): CapacityLedger =>
    createDynamodbCapacityLedger({
      client,
      table,
      callMsMax: Math.max(1000, 100 * patience),
      clock: patientClock(patience),
      random: cryptoRandom,
      log: { write: () => undefined },
    });
  const ledgers = { pages: pagesOf, blocks: blocksOf, memory: createMemoryCapacityLedger };
  const closers: (() => Promise<void>)[] = [
    async () => pool.close(),
    async () => watchersPool.close(),
    () => upstream.close(),
    () => aws.close(),
  ];
  return {
    async openGateway({
      patience,
      servesMany,
      ledger = 'pages',
      config = configWithoutBaseline(),
      kvTokens,
    }) {
      const memory = kvTokens === undefined ? {} : { copies: 1, kvTokens: { [region]: kvTokens } };
      const made = aGateway({
        config,
        routes: [aRoute({ targets: [{ ...dedicated, ...memory }, serverless] })],
        overrides: {
          invoker,
          clock: systemClock,
          random: cryptoRandom,
          ids: uuidRequestIds,
          capacity: ledgers[ledger](patience),
          servesMany,
        },
      });
      await made.gateway.start();
      made.gateway.stop();
      const server = await serveGateway({ handle: (request) => made.gateway.answer(request), port: 0 });
      closers.unshift(() => server.close());
      return {
        ...made,
        chat: ({ lane = 'interactive', body = {}, signal } = {}) =>
          fetch(`${server.url}/v1/chat/completions`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              authorization: 'Bearer sk-local',
              'x-spillway-lane': lane,
            },
            body: JSON.stringify({
              model: 'chat-small',
              stream: true,
              max_tokens: 64,
              messages: [{ role: 'user', content: 'Tell me of the sea.' }],
              ...body,
            }),
            ...(signal === undefined ? {} : { signal }),
          }),
      };
    },
    async setFaults(rules) {
      const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async journal(service = 'sagemaker-runtime') {
      const answer = await fetch(`${aws.url}/_local/journal?service=${service}`);
      return (await answer.json()) as readonly JournalCall[];
    },
    async clearJournal() {
      await fetch(`${aws.url}/_local/journal`, { method: 'DELETE' });
    },
    async slotsHeld() {
      const { Items = [] } = await watcher.send(new ScanCommand({ TableName: table }));
      const leases = Items.flatMap(({ leases: map }) => Object.values(map?.M ?? {}));
      return leases.filter(({ L = [] }) => Number(L[0]?.N) > systemClock.now()).length;
    },
    async kvTokensHeld() {
      const { Items = [] } = await watcher.send(new ScanCommand({ TableName: table }));
      return Items.reduce((sum, { kvTokens }) => sum + Number(kvTokens?.N ?? 0), 0);
    },
    async close() {
      for (const close of closers) await close();
    },
  };
}

/** The table `capacity` of the gateway's region. */
async function provisionSlots(awsUrl: string): Promise<string> {
  const definition = tableDefinitions.find(({ kind }) => kind === 'capacity');
  if (definition === undefined) throw new Error('there is no table of slots');
  const arn = tableArn({ deployment: 'slots', kind: 'capacity', account, region });
  const plan = { definition, name: tableName('slots', 'capacity'), arn, region };
  const access = { endpoint: awsUrl, credentials: localCredentials(account) };
  await provisionTable({ ...plan, replicaRegions: [], guestAccounts: [] }, access);
  return arn;
}

function patientClock(patience: number): Clock {
  return {
    ...systemClock,
    sleep: (milliseconds, signal) => systemClock.sleep(patience * milliseconds, signal),
    after: (milliseconds, action) => systemClock.after(patience * milliseconds, action),
  };
}

/** The most calls that were under way together; of two in one millisecond the end is taken to come first. */
export function mostUnderWay(calls: readonly Pick<JournalCall, 'at' | 'durationMs'>[]): number {
  const steps = calls.flatMap(({ at, durationMs }) => [
    { at: Date.parse(at), by: 1 },
    { at: Date.parse(at) + durationMs, by: -1 },
  ]);
  steps.sort((one, other) => one.at - other.at || one.by - other.by);
  let underWay = 0;
  let most = 0;
  for (const { by } of steps) {
    underWay += by;
    most = Math.max(most, underWay);
  }
  return most;
}
