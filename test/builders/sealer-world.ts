/** The sealer's bundle as functions on this machine, one for a region, each with its queue and its chain on the stand-in. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { provisionAudit } from '#adapters/aws/audit-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { parseConfig } from '#contract/config.ts';
import { auditBucketName, auditQueueName, tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import type { RecordLine } from '#core/audit/chain-lines.ts';
import regulated from '#examples/regulated.config.ts';
import { bundledConfigFile, functionNodeOptions, writeBundle } from '#lib/constructs/function-bundling.ts';
import { openQueueSource } from '#local/lambda/event-sources/queue-source.ts';
import { createLambdaHost } from '#local/lambda/lambda-host.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { openRegionArchive } from '#runtime/open-audit.ts';
import { anAuditPlan } from '#test/builders/an-audit-region.ts';
import { type TrailReport, verifyTrail } from '#usecases/audit/verify-trail.ts';

const account = '111111111111';
const deployment = regulated.name;

/** Steps of a sealer that leave something behind. */
type SealingStep = 'segment' | 'head';

interface SealerOfRegion {
  /** Records with these numbers, in messages that can be taken at once. */
  send(numbers: readonly number[]): Promise<void>;
  /** Kills the function at its next step of this kind: before AWS hears of it, or before it hears from AWS. */
  killOnce(when: 'before' | 'after', step: SealingStep): void;
  /** How often it was. */
  readonly kills: number;
  /** Messages that are in the queue, hidden ones too. */
  left(): Promise<number>;
  /** What the chain's own lines prove, and its records in order. */
  prove(): Promise<{ readonly report: TrailReport; readonly lines: readonly RecordLine[] }>;
}

export interface SealerWorld {
  open(region: string): Promise<SealerOfRegion>;
  close(): Promise<void>;
}

export async function openSealerWorld(): Promise<SealerWorld> {
  const aws = await createLocalAws({ port: 0, timeScale: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'spillway-sealer-'));
  writeBundle('lambdas/audit/handler.ts', folder);
  writeFileSync(join(folder, bundledConfigFile), JSON.stringify(regulated));
  const closers: (() => unknown)[] = [];
  return {
    open: (region) =>
      openRegion({ awsUrl: aws.url, folder, region, onClose: (close) => closers.unshift(close) }),
    close: async () => {
      for (const close of closers) await close();
      await aws.close();
      rmSync(folder, { recursive: true });
    },
  };
}

interface RegionPlace {
  readonly awsUrl: string;
  readonly folder: string;
  readonly region: string;
  /** The last one is closed first. */
  onClose(close: () => unknown): void;
}

async function openRegion({ awsUrl, folder, region, onClose }: RegionPlace): Promise<SealerOfRegion> {
  const queue = await provision(awsUrl, region);
  onClose(queue.close);
  let planned: { readonly when: 'before' | 'after'; readonly step: SealingStep } | undefined;
  let kills = 0;
  /** Whether it was killed there, and only there. */
  const killedAt = (when: 'before' | 'after', step: SealingStep | undefined): boolean => {
    if (planned?.when !== when || planned.step !== step) return false;
    planned = undefined;
    kills += 1;
    for (const environment of host.environmentsAt(functionArn)) environment.signal('SIGKILL');
    return true;
  };
  const way = await openWatchedWay(awsUrl, killedAt);
  onClose(way.close);
  const host = createLambdaHost({ awsUrl: way.url });
  onClose(() => host.close());
  const roleArn = `arn:aws:iam::${account}:role/${deployment}-audit-${region}`;
  const functionArn = host.createFunction({
    ...{ name: `${deployment}-audit`, account, region, folder, roleArn, handler: 'index.handler' },
    ...{ runtime: 'nodejs24.x', timeoutSeconds: 60, memoryMebibytes: 512 },
    environment: {
      ...{ SPILLWAY_CONFIG: bundledConfigFile, SPILLWAY_ACCOUNT: account },
      NODE_OPTIONS: functionNodeOptions.join(' '),
    },
  });
  const source = openQueueSource({
    ...{ host, functionArn, queueArn: queue.arn, roleArn, awsUrl, batchSize: 10, maximumConcurrency: 2 },
    reportBatchItemFailures: true,
  });
  onClose(() => source.close());
  return {
    ...{ send: queue.send, left: queue.left, prove: () => prove(awsUrl, region) },
    killOnce: (when, step) => {
      planned = { when, step };
    },
    get kills() {
      return kills;
    },
  };
}

/** The bucket, the table and the queue of a region, whose messages come again after a second. */
async function provision(endpoint: string, region: string) {
  const credentials = localCredentials(account);
  const name = auditQueueName(deployment);
  const definition = tableDefinitions.find(({ kind }) => kind === 'audit');
  if (definition === undefined) throw new Error('there is no table of audit heads');
  const bucket = auditBucketName(deployment, account, region);
  await provisionAudit(anAuditPlan({ region, bucket, queue: name, deadQueue: `${name}-dead` }), {
    ...{ endpoint, credentials },
  });
  await provisionTable(
    {
      ...{ definition, region, name: tableName(deployment, 'audit'), replicaRegions: [], guestAccounts: [] },
      arn: tableArn({ deployment, kind: 'audit', account, region }),
    },
    { endpoint, credentials },
  );
  const client = new SQSClient({ region, endpoint, credentials, useQueueUrlAsEndpoint: false });
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
  const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  return {
    arn: `arn:aws:sqs:${region}:${account}:${name}`,
    async send(numbers: readonly number[]): Promise<void> {
      const Entries = numbers.map((number) => ({ Id: `${number}`, MessageBody: messageOf(number, region) }));
      await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    },
    async left(): Promise<number> {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] });
      const { Attributes = {} } = await client.send(asked);
      return counts.reduce((sum, count) => sum + Number(Attributes[count]), 0);
    },
    close: () => client.destroy(),
  };
}

function messageOf(number: number, region: string): string {
  const at = new Date(Date.UTC(2026, 10, 21, 8) + number).toISOString();
  const record = { id: `request-${number}`, at, region, residency: 'eu', tenant: 'demo' };
  return JSON.stringify({ writer: 'writer-1', number, record });
}

async function prove(endpoint: string, region: string) {
  const parsed = parseConfig(regulated);
  if (!parsed.ok) throw new Error('the example is no configuration');
  const place = { config: parsed.config, account, region, endpoint, credentials: localCredentials(account) };
  const archive = await openRegionArchive(place);
  const lines: RecordLine[] = [];
  const report = await verifyTrail({
    ...{ ...archive, digest: cryptoDigest, clock: { now: () => Date.now() } },
    onRecord: (line) => void lines.push(line),
  });
  archive.close();
  return { report, lines };
}

/** A way to the stand-in that sees the sealer's steps. Whoever is killed there hears nothing. */
async function openWatchedWay(
  targetUrl: string,
  killedAt: (when: 'before' | 'after', step: SealingStep | undefined) => boolean,
) {
  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = await buffer(asked);
    const step = stepOf(asked);
    if (killedAt('before', step)) return void asked.socket.destroy();
    const { method = '', url: path = '', headers } = asked;
    const onward = request(new URL(path, targetUrl), { method, headers });
    onward.end(body);
    const [got] = (await once(onward, 'response')) as [IncomingMessage];
    const told = await buffer(got);
    if (killedAt('after', step)) return void asked.socket.destroy();
    answer.writeHead(got.statusCode ?? 502, got.headers).end(told);
  };
  const server = createServer((asked, answer) => {
    pass(asked, answer).catch(() => asked.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function stepOf({ method, url = '', headers }: IncomingMessage): SealingStep | undefined {
  if (method === 'PUT' && url.includes('/segments/')) return 'segment';
  return String(headers['x-amz-target']).endsWith('.PutItem') ? 'head' : undefined;
}
