/** The DynamoDB engines that this machine has, each on a free loopback port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { createServer as createNetServer } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableKind } from '#contract/resources.ts';
import { controlsTable, tableDefinitions } from '#contract/tables.ts';
import { createLocalAws } from '#local/local-aws.ts';

export interface RunningEngine {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

export interface DynamodbEngine {
  readonly name: string;
  /** Why it cannot run here; undefined when it can. */
  readonly skip?: string | undefined;
  start(): Promise<RunningEngine>;
}

/** For `callMsMax`: a machine that pauses is no outage. */
export const PATIENT_CALL_MS_MAX = 20_000;

const account = '111111111111';
const dynoxide = 'node_modules/@dynoxide/linux-x64/dynoxide';
/** DynamoDB Local listens on every interface, so a test does not start it: `npm test` does, in a network of its own. */
const dynamodbLocalUrl = process.env.DYNAMODB_LOCAL_URL;

export const dynamodbEngines: readonly DynamodbEngine[] = [
  { name: 'dynalite', start: startDynalite },
  { name: 'the local AWS', start: startLocalAws },
  {
    name: 'dynoxide',
    ...(existsSync(dynoxide) ? {} : { skip: 'it is not installed for this platform' }),
    start: startDynoxide,
  },
  {
    name: 'DynamoDB Local',
    ...(dynamodbLocalUrl === undefined
      ? { skip: 'it has a step of its own in npm test, in a network of its own' }
      : {}),
    start: async () => {
      const engine = running(dynamodbLocalUrl ?? '', async () => undefined);
      await untilAnswers(engine.client);
      return engine;
    },
  },
];

function running(endpoint: string, stop: () => Promise<void>): RunningEngine {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` },
    maxAttempts: 1,
  });
  return {
    endpoint,
    client,
    close: async () => {
      client.destroy();
      await stop();
    },
  };
}

async function startDynalite(): Promise<RunningEngine> {
  const dynalite: (options: { createTableMs: number; deleteTableMs: number }) => Server = createRequire(
    import.meta.url,
  )('dynalite');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  // On a busy machine a connection may be closed for being idle just when it is used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return running(`http://127.0.0.1:${port}`, () => new Promise((resolve) => server.close(() => resolve())));
}

async function startLocalAws(): Promise<RunningEngine> {
  const aws = await createLocalAws({ port: 0 });
  return running(aws.url, () => aws.close());
}

async function startDynoxide(): Promise<RunningEngine> {
  const port = await freePort();
  const child = spawn(dynoxide, ['--port', String(port)], { stdio: 'ignore' });
  const engine = running(`http://127.0.0.1:${port}`, () => stopChild(child));
  await untilAnswers(engine.client);
  return engine;
}

function stopChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}

async function freePort(): Promise<number> {
  const server = createNetServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function untilAnswers(client: DynamoDBClient): Promise<void> {
  const end = performance.now() + 10_000;
  for (;;) {
    try {
      await client.send(new DescribeTableCommand({ TableName: 'none' }));
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return;
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

let tables = 0;

/** A new, active table of the kind. @param name @default - one that no other test uses */
export async function createTestTable(
  client: DynamoDBClient,
  kind: TableKind,
  name = `${kind}-${process.pid}-${++tables}`,
): Promise<string> {
  const definition = [...tableDefinitions, controlsTable].find((each) => each.kind === kind);
  if (definition === undefined) throw new Error(`there is no table ${kind}`);
  const { partition, sort } = definition.keys;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: partition, AttributeType: 'S' },
        { AttributeName: sort, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
    }),
  );
  const end = performance.now() + 10_000;
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return name;
    if (performance.now() > end) throw new Error(`table ${name} is ${Table?.TableStatus}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
