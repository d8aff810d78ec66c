/** How long a lease takes over the local DynamoDB engine, with AWS's own client and a socket between. */
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamodbCapacityLedger } from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { capacityKeys } from '#contract/resources.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createLocalAws } from '#local/local-aws.ts';

const TABLE = 'capacity';
const SLOTS = 192;

export interface LeaseLatency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly leases: number;
}

/** Acquired and released, one after the other. */
export async function measureEngine(leases: number): Promise<LeaseLatency> {
  const aws = await createLocalAws({ port: 0 });
  const account = '111111111111';
  const credentials = { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` };
  const client = new DynamoDBClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    await createTable(client);
    const random = createSeededRandom('leases');
    const log = { write: () => undefined };
    const ledger = createDynamodbCapacityLedger({ client, table: TABLE, clock: systemClock, random, log });
    const limit = { target: 'chat', slots: SLOTS, copies: 1 };
    const tookMs: number[] = [];
    for (let lease = -leases / 5; lease < leases; lease += 1) {
      const leaseId = `lease-${lease}`;
      const startedMs = performance.now();
      const at = systemClock.now();
      const answer = await ledger.acquire({ limit, leaseId, kvTokens: 0, slotsReserved: 0, at });
      await ledger.release(limit, leaseId, systemClock.now());
      if (lease >= 0 && answer.granted) tookMs.push(performance.now() - startedMs);
    }
    tookMs.sort((left, right) => left - right);
    const at = (share: number): number => tookMs[Math.floor(share * (tookMs.length - 1))] ?? Number.NaN;
    return { p50Ms: at(0.5), p99Ms: at(0.99), leases: tookMs.length };
  } finally {
    client.destroy();
    await aws.close();
  }
}

async function createTable(client: DynamoDBClient): Promise<void> {
  const { partition, sort } = capacityKeys;
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partition, sort].map((name) => ({
        AttributeName: name,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
    }),
  );
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: TABLE }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await pause(10);
  }
}
