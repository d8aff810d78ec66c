/** A gateway of one region on the local AWS, with everything that may hold something of a request within reach. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { auditBucketName, tableName } from '#contract/resources.ts';
import acme from '#examples/acme.config.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { createGatewayRuntime } from '#runtime/gateway-runtime.ts';
import { localCredentials, provision } from '#runtime/local-account.ts';
import { openSealing } from '#runtime/open-audit.ts';
import { createDispatcher } from '#runtime/open-batches.ts';
import { openTelemetry } from '#runtime/open-telemetry.ts';
import { parsedConfig } from '#test/builders/configs.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import { bedrockTarget } from '#test/builders/model-call.ts';
import { openOtlpCollector } from '#test/builders/otlp-collector.ts';
import type { Sink } from '#test/builders/planted-tokens.ts';
import { sealedRoute } from '#test/builders/route.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';

const region = 'us-east-1';
const account = '111111111111';

const modelIds = {
  'chat-small': 'amazon.nova-lite-v1:0',
  embed: 'amazon.titan-embed-text-v2:0',
};

const config = parsedConfig({
  ...acme,
  gateways: [region],
  audit: { enabled: true, mode: 'governance', retentionDays: 184 },
  tenants: {
    demo: {
      keys: ['sk-local'],
      residencies: ['us'],
      models: ['*'],
      // So that what is left of them is kept in a table too.
      limits: { requestsPerMinute: 100_000, tokensPerMinute: 100_000_000 },
    },
  },
});

export type TappedGateway = Awaited<ReturnType<typeof openTappedGateway>>;

export async function openTappedGateway() {
  const closing: (() => unknown)[] = [];
  const aws = await createLocalAws({ port: 0, timeScale: 0 });
  closing.push(() => aws.close());
  const stop = new AbortController();
  const onProblem = (part: string, error: unknown) => {
    throw new Error(`${part}: ${error}`);
  };
  await provision({ config, endpoint: aws.url, stop: stop.signal, onProblem });
  const credentials = localCredentials(account);
  const near = { region, endpoint: aws.url, credentials };
  const dynamodb = new DynamoDBClient(near);
  const s3 = new S3Client({ ...near, forcePathStyle: true });
  closing.push(
    () => dynamodb.destroy(),
    () => s3.destroy(),
  );
  await publishRoutes(dynamodb);
  const collector = await openOtlpCollector();
  closing.push(() => collector.close());
  const [logged, measured]: [string[], string[]] = [[], []];
  const log = createJsonLineLog({ clock: systemClock, write: (line) => void logged.push(line) });
  const metricsOut = (line: string) => void measured.push(line);
  const telemetry = await openTelemetry({
    ...{ deployment: config.name, region, rootShare: 1, awsEndpoint: aws.url },
    ...{ otlpEndpoint: collector.url, write: metricsOut },
  });
  closing.push(() => telemetry.close());
  const lastGoodDirectory = mkdtempSync(join(tmpdir(), 'spillway-tapped-'));
  closing.push(() => rmSync(lastGoodDirectory, { recursive: true, force: true }));
  const place = { config, account, region, endpoint: aws.url, credentials: async () => credentials };
  const runtime = createGatewayRuntime({
    ...place,
    ...{ facts: shippedFacts(), log, metricsOut, telemetry, lastGoodDirectory },
    keyPepper: 'pepper-of-the-tapped-gateway-0123456789',
    servesMany: true,
  });
  closing.push(() => runtime.close());
  await runtime.gateway.start();
  const sealing = await openSealing({ ...place, log });
  const sealed = sealing.run({ gatherMs: 20, stop: stop.signal });
  if (runtime.openBatches === undefined) throw new Error('the example takes batches');
  const dispatcher = createDispatcher({ gateway: runtime.gateway, open: runtime.openBatches, config });
  const dispatched = dispatcher.run({ messagesMax: 4, stop: stop.signal });
  closing.push(async () => {
    stop.abort();
    await Promise.all([sealed, dispatched]);
    sealing.close();
  });
  const listening = listenTo(runtime.gateway);
  closing.push(() => listening.end());
  const bucket = auditBucketName(config.name, account, region);
  return {
    ...{ config, logged, log, metricsOut, telemetry, lastGoodDirectory, dynamodb, s3, bucket },
    async setFaults(rules: readonly object[]) {
      const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    /** Sends a request and reads the whole answer. */
    async ask(path: string, init: RequestInit) {
      const response = await runtime.gateway.handle(new Request(`http://gateway.invalid${path}`, init));
      const text = await response.text().catch((error: unknown) => `broken: ${error}`);
      return { status: response.status, text };
    },
    /** Everything, once nothing is under way any more. */
    async sinks(): Promise<readonly Sink[]> {
      await runtime.gateway.settled();
      await telemetry.flushSpans();
      const settled = logged.filter((line) => line.includes('"event":"request"')).length;
      const isSealed = async () => recordsIn(await objectsIn(s3, bucket)) >= settled;
      await eventually(isSealed, `all ${settled} records of the audit trail are sealed`, 10_000);
      return [
        { name: 'log', bytes: logged.join('') },
        { name: 'embedded metrics', bytes: measured.join('') },
        { name: 'Prometheus', bytes: await telemetry.prometheusText() },
        { name: 'spans', bytes: collector.bodies.join('\n') },
        { name: 'live events', bytes: listening.heard() },
        ...(await tablesOf(dynamodb)),
        ...(await objectsIn(s3, bucket)).map((bytes) => ({ name: 'audit trail', bytes })),
        ...readdirSync(lastGoodDirectory).map((name) => ({
          name: 'last good file',
          bytes: readFileSync(join(lastGoodDirectory, name)),
        })),
      ];
    },
    async close() {
      for (const close of closing.reverse()) await close();
    },
  };
}

/** Several targets, and with them a file of the last good routes; of Claude there are baselines alone. */
async function publishRoutes(client: DynamoDBClient): Promise<void> {
  const store = createDynamodbRouteStore({
    ...{ client, region, regions: [], digest: cryptoDigest },
    table: tableName(config.name, 'routes'),
    models: Object.keys(config.models),
  });
  for (const [model, modelId] of Object.entries(modelIds)) {
    const targets = ['us-east-1', 'us-east-2', 'us-west-2'].map((at) =>
      bedrockTarget({ id: `${account}/${at}/${modelId}`, region: at, reach: [at], modelId }),
    );
    await store.publish(sealedRoute({ model, residency: 'us', targets }));
  }
}

/** A tenant that hears of its own calls, once a second. */
function listenTo(gateway: Pick<Gateway, 'handle'>) {
  const left = new AbortController();
  let heard = '';
  const listen = async (): Promise<void> => {
    const request = new Request('http://gateway.invalid/spillway/v1/events', {
      headers: { authorization: 'Bearer sk-local' },
      signal: left.signal,
    });
    const { body } = await gateway.handle(request);
    const decoder = new TextDecoder();
    for await (const part of body ?? []) heard += decoder.decode(part, { stream: true });
  };
  const listening = listen().catch(() => undefined);
  return {
    heard: () => heard,
    end: async () => {
      left.abort();
      await listening;
    },
  };
}

/** Each has a number of its own in its chain. */
const recordsIn = (objects: readonly Buffer[]): number => objects.join('\n').split('"number":').length - 1;

/** Every item of every table of the region, binary values as they are. */
async function tablesOf(dynamodb: DynamoDBClient): Promise<readonly Sink[]> {
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  const tables = TableNames.map(async (name) => {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(new ScanCommand({ TableName: name }));
    if (LastEvaluatedKey !== undefined) throw new Error(`${name} has more than one page`);
    const values = Items.flatMap((item) => Object.values(item));
    const binary = values.flatMap(({ B }) => (B === undefined ? [] : [Buffer.from(B)]));
    return [JSON.stringify(Items), ...binary].map((bytes) => ({ name: `table ${name}`, bytes }));
  });
  return (await Promise.all(tables)).flat();
}

async function objectsIn(s3: S3Client, Bucket: string): Promise<readonly Buffer[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    }),
  );
}
