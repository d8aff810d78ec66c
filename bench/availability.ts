/**
 * What it costs a gateway to tell the availability of 30 accounts × 21 regions × 140 models: bytes, time, and for how
 * long the process answers nobody else meanwhile. Reports lie in a local DynamoDB, callers are a thread of their own.
 *
 *     node bench/availability.ts
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { serveGateway } from '#server/node-server.ts';
import { aGateway } from '#test/builders/a-gateway.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { largeReports } from '#test/builders/large-availability.ts';
import { startLocalAwsThread } from '#test/builders/local-aws-thread.ts';
import budgetFile from './budgets.json' with { type: 'json' };

const { availability: budgets } = budgetFile;
const rounds = 5;

interface Told {
  readonly status: number;
  readonly bytes: number;
  readonly etag: string | null;
}

const caller = new Worker(
  `const { parentPort } = require('node:worker_threads');
   const http = require('node:http');
   parentPort.on('message', ({ url, headers }) => http.get(url, { headers }, (answer) => {
     let bytes = 0;
     answer.on('data', (part) => { bytes += part.length; });
     answer.on('end', () => parentPort.postMessage({ status: answer.statusCode, bytes, etag: answer.headers.etag ?? null }));
   }));`,
  { eval: true },
);
const aws = await startLocalAwsThread({ port: 0, timeScale: 1 });
const account = '111111111111';
const client = new DynamoDBClient({
  endpoint: aws.url,
  region: 'us-east-1',
  credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
});
const reports = largeReports(Date.now());
const places = reports.map(({ account, region }) => ({ account, region }));
const table = await createTestTable(client, 'observations');
const observations = createDynamodbObservationStore({ client, table, places, callMsMax: 20_000 });
for (const report of reports) await observations.save(report);
const { gateway } = aGateway({ overrides: { observations, clock: systemClock } });
const served = await serveGateway({ handle: (request) => gateway.answer(request), port: 0 });
let over = false;
try {
  for (const format of ['full', 'compact']) {
    for (const [coding, headers] of [
      ['plain', {}],
      ['gzip', { 'accept-encoding': 'gzip' }],
    ] as const)
      await measured(`${format}, ${coding}`, `?format=${format}`, headers);
  }
  const { etag } = await ask('?format=compact', {});
  await measured('compact, nothing moved: 304', '?format=compact', { 'if-none-match': etag ?? '' });
} finally {
  await served.close();
  client.destroy();
  await aws.close();
  await caller.terminate();
}
process.exitCode = over ? 1 : 0;

async function ask(query: string, headers: Readonly<Record<string, string>>): Promise<Told> {
  const url = `${served.url}/spillway/v1/availability${query}`;
  caller.postMessage({ url, headers: { authorization: 'Bearer sk-local', ...headers } });
  const [told] = (await once(caller, 'message')) as [Told];
  return told;
}

interface Sample {
  readonly told: Told;
  /** Of the gateway's thread alone, by its processor time: another program on the machine is no block. */
  readonly processorMs: number;
  readonly blockMs: number;
}

/** Twice: what watches for blocks keeps the processor busy. */
async function sample(query: string, headers: Readonly<Record<string, string>>): Promise<Sample> {
  const before = process.threadCpuUsage();
  const told = await ask(query, headers);
  const { user, system } = process.threadCpuUsage(before);
  const stopWatch = watchBlocks();
  await ask(query, headers);
  return { told, processorMs: (user + system) / 1000, blockMs: stopWatch() };
}

/** The most processor time from one turn of the event loop to the next, once it is stopped. */
function watchBlocks(): () => number {
  let longest = 0;
  let last = process.threadCpuUsage();
  let timer: NodeJS.Immediate;
  const tick = () => {
    const now = process.threadCpuUsage();
    longest = Math.max(longest, now.user + now.system - last.user - last.system);
    last = now;
    timer = setImmediate(tick);
  };
  timer = setImmediate(tick);
  return () => {
    clearImmediate(timer);
    return longest / 1000;
  };
}

async function measured(
  what: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await sample(query, headers));
  const middleOf = (value: (each: Sample) => number): number =>
    samples.map(value).sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
  const { status = 0, bytes = 0 } = samples[0]?.told ?? {};
  const blockMs = middleOf((each) => each.blockMs);
  const isWide = query.includes('compact') && 'accept-encoding' in headers && bytes > budgets.wireBytesMax;
  const isOver = blockMs > budgets.blockMsMax || isWide;
  over ||= isOver;
  const figures = [
    `${status}`,
    `${bytes} bytes`.padStart(15),
    `${middleOf((each) => each.processorMs).toFixed(0)} ms of processor`.padStart(21),
    `longest block ${blockMs.toFixed(1)} ms`,
    `heap ${(process.memoryUsage().heapUsed / 2 ** 20).toFixed(0)} MiB${isOver ? '  OVER' : ''}`,
  ];
  console.log(`${what.padEnd(28)} ${figures.join(', ')}`);
}
