/** How long a lease takes over the local DynamoDB engine, with AWS's own client and a socket between. */
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamodbCapacityLedger } from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { capacityKeys } from '#contract/resources.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createLocalAws } from '#local/local-aws.ts';
import type { Log } from '#usecases/ports/log.ts';

const TABLE = 'capacity';
const SLOTS = 192;
const MEASURING_MS_MAX = 60_000;
/** While the engine is taken to be away the ledger asks it twice a second: asking it oftener finds nothing out. */
const AWAY_PAUSE_MS = 100;

export interface LeaseLatency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** So many were measured. */
  readonly leases: number;
  /** Times that the ledger waited in vain, as on a busy machine: what it then lends without the engine is not measured. */
  readonly timesAway: number;
}

/**
 * Acquired and released, one after the other, by the engine.
 *
 * @throws Error when it has served none within a minute
 */
export async function measureEngine(leases: number): Promise<LeaseLatency> {
  const aws = await createLocalAws({ port: 0 });
  const account = '111111111111';
  const credentials = { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` };
  const client = new DynamoDBClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    await createTable(client);
    const { tookMs, timesAway } = await timeLeases(client, leases);
    if (tookMs.length === 0) throw new Error(`the engine served no lease within ${MEASURING_MS_MAX} ms`);
    tookMs.sort((left, right) => left - right);
    const at = (share: number): number => tookMs[Math.floor(share * (tookMs.length - 1))] ?? Number.NaN;
    return { p50Ms: at(0.5), p99Ms: at(0.99), leases: tookMs.length, timesAway };
  } finally {
    client.destroy();
    await aws.close();
  }
}

/** The first fifth warms up, and is not among them. */
async function timeLeases(
  client: DynamoDBClient,
  leases: number,
): Promise<{ readonly tookMs: number[]; readonly timesAway: number }> {
  const contact = new EngineContact();
  const random = createSeededRandom('leases');
  const ledger = createDynamodbCapacityLedger({
    client,
    table: TABLE,
    clock: systemClock,
    random,
    log: contact,
  });
  const limit = { target: 'chat', slots: SLOTS, copies: 1 };
  const tookMs: number[] = [];
  const warmUp = Math.ceil(leases / 5);
  const startedMs = performance.now();
  for (let asked = 0, served = 0; served < warmUp + leases; asked += 1) {
    const leaseId = `lease-${asked}`;
    const askedMs = performance.now();
    if (askedMs - startedMs > MEASURING_MS_MAX) break;
    const { timesAway, isAway } = contact;
    const at = systemClock.now();
    const answer = await ledger.acquire({ limit, leaseId, kvTokens: 0, slotsReserved: 0, at });
    await ledger.release(limit, leaseId, systemClock.now());
    if (contact.isAway) await pause(AWAY_PAUSE_MS);
    if (!answer.granted || isAway || contact.timesAway > timesAway) continue;
    served += 1;
    if (served > warmUp) tookMs.push(performance.now() - askedMs);
  }
  return { tookMs, timesAway: contact.timesAway };
}

/** Whether the ledger takes the engine to be away, as it tells its log. */
class EngineContact implements Log {
  timesAway = 0;
  isAway = false;

  write(_level: 'info' | 'warn' | 'error', event: string): void {
    if (event === 'capacity-degraded') this.timesAway += 1;
    if (event === 'capacity-degraded') this.isAway = true;
    if (event === 'capacity-restored') this.isAway = false;
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
