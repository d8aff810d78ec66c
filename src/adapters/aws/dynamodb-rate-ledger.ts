/**
 * Buckets of tenants in the ledger table of the gateway's own region: one item a tenant.
 *
 * A bucket is one number, the time at which it is full again. One that is full starts anew from the clock, one that is
 * drawn on is moved by its price: a write says which of the two it believes of each bucket, under a condition that
 * makes a wrong belief harmless. Moves of processes that believe rightly do not disturb each other. A write that fails
 * its condition learns how things stand, and decides again; it is never repeated blindly.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ledgerKeys } from '#contract/resources.ts';
import { ledgerItems, timeToLiveAttribute } from '#contract/table-keys.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { type BucketDemand, judgeDemand } from '#core/limits/judge-demand.ts';
import { latestFullAt, microsOfReturn, microsOfUnits } from '#core/limits/rate-bucket.ts';
import type { BucketReturn, RateAnswer, RateDemand, RateLedger } from '#usecases/ports/rate-ledger.ts';
import { toHouseError } from './to-house-error.ts';

export interface DynamodbRateLedgerOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** A late answer is of use for a while: this is longer than anybody waits. @default 1000 */
  readonly callMsMax?: number | undefined;
}

const CALL_MS_MAX = 1_000;
/** Each failed try shows how things stand: more than these fail only while others draw on the same bucket all the time. */
const TRIES_MAX = 5;
const MINUTE_MS = 60_000;
/** A bucket without use is full long before; its item may then go. */
const KEPT_SECONDS = 3_600;

export function createDynamodbRateLedger(options: DynamodbRateLedgerOptions): RateLedger {
  return new DynamodbRateLedger(options);
}

/** Numbers of a tenant's item by attribute; absent ones are buckets that are full. */
type Standing = ReadonlyMap<string, number>;

const bucketAttribute = (bucket: string): string => `fullAt#${bucket}`;
const processesPrefix = 'processes#';

class DynamodbRateLedger implements RateLedger {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly callMsMax: number;
  /** As last seen: what a first write believes. */
  private readonly standings = new Map<string, Standing>();

  constructor({ client, table, callMsMax = CALL_MS_MAX }: DynamodbRateLedgerOptions) {
    this.client = client;
    this.table = table;
    this.callMsMax = callMsMax;
  }

  async take(demand: RateDemand): Promise<RateAnswer> {
    const { tenant, buckets } = demand;
    // As much as is wished for, until it is known how things stand.
    let units: readonly number[] = buckets.map((each) => each.units + each.ahead);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const { written, standing } = await this.write(demand, units, this.standings.get(tenant) ?? new Map());
      this.standings.set(tenant, standing);
      if (written) return answerOf(demand, units, standing);
      const fullAt = (bucket: string) => standing.get(bucketAttribute(bucket)) ?? 0;
      const judged = judgeDemand(buckets, { fullAt, at: demand.at });
      if (judged === undefined) return answerOf(demand, undefined, standing);
      units = judged;
    }
    throw houseError('condition_lost', {
      message: `${TRIES_MAX} writes met others of the same tenant`,
      facts: { operation: 'UpdateItem' },
    });
  }

  async giveBack(tenant: string, returns: readonly BucketReturn[]): Promise<void> {
    const names = Object.fromEntries(
      returns.map(({ bucket }, index) => [`#b${index}`, bucketAttribute(bucket)]),
    );
    const values = returns.map(({ perMinute, units }, index): [string, AttributeValue] => [
      `:b${index}`,
      numeric(microsOfReturn({ perMinute }, units)),
    ]);
    const call = new UpdateItemCommand({
      TableName: this.table,
      Key: keyOf(tenant),
      UpdateExpression: `SET ${returns.map((_, index) => `#b${index} = #b${index} - :b${index}`).join(', ')}`,
      // An item that has gone is full again.
      ConditionExpression: returns.map((_, index) => `attribute_exists(#b${index})`).join(' AND '),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: Object.fromEntries(values),
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await this.client.send(call, this.limits());
      this.standings.set(tenant, standingOf(Attributes));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw toHouseError(error, 'UpdateItem');
    }
  }

  /** How the item stands now, written or not. */
  private async write(
    demand: RateDemand,
    units: readonly number[],
    believed: Standing,
  ): Promise<{ readonly written: boolean; readonly standing: Standing }> {
    try {
      const call = new UpdateItemCommand({
        TableName: this.table,
        Key: keyOf(demand.tenant),
        ...expressionsOf(demand, units, believed),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const { Attributes } = await this.client.send(call, this.limits());
      return { written: true, standing: standingOf(Attributes) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw toHouseError(error, 'UpdateItem');
      // Not every engine shows the item with its refusal.
      const standing = error.Item === undefined ? await this.read(demand.tenant) : standingOf(error.Item);
      return { written: false, standing };
    }
  }

  private async read(tenant: string): Promise<Standing> {
    const call = new GetItemCommand({ TableName: this.table, Key: keyOf(tenant), ConsistentRead: true });
    try {
      return standingOf((await this.client.send(call, this.limits())).Item);
    } catch (error) {
      throw toHouseError(error, 'GetItem');
    }
  }

  private limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.callMsMax) };
  }
}

/** One update of all buckets, under one condition over all of them; creates the item where there is none. */
function expressionsOf(demand: RateDemand, units: readonly number[], believed: Standing) {
  const { buckets, at, countProcess } = demand;
  const names: Record<string, string> = { '#ttl': timeToLiveAttribute };
  const values: Record<string, AttributeValue> = {
    ':now': numeric(at * 1000),
    ':ttl': numeric(Math.ceil(at / 1000) + KEPT_SECONDS),
  };
  const sets = ['#ttl = :ttl'];
  const conditions = buckets.map((each, index) => {
    const name = `#b${index}`;
    const price = `:price${index}`;
    names[name] = bucketAttribute(each.bucket);
    const after = movedBucket(each, { units: units[index] ?? 0, at, believed });
    values[price] = numeric(after.micros);
    sets.push(after.isFull ? `${name} = ${price}` : `${name} = ${name} + ${price}`);
    if (after.isFull) return `(attribute_not_exists(${name}) OR ${name} <= :now)`;
    values[`:latest${index}`] = numeric(after.latest);
    return `${name} > :now AND ${name} <= :latest${index}`;
  });
  const { clauses, ...counted } = countingOf(at, countProcess, believed);
  return {
    UpdateExpression: `SET ${sets.join(', ')}${clauses}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: { ...names, ...counted.names },
    ExpressionAttributeValues: { ...values, ...counted.values },
  };
}

function movedBucket(
  { bucket, rate }: BucketDemand,
  take: { readonly units: number; readonly at: number; readonly believed: Standing },
): { readonly isFull: boolean; readonly micros: number; readonly latest: number } {
  const { units, at, believed } = take;
  const price = microsOfUnits(rate, units);
  const isFull = (believed.get(bucketAttribute(bucket)) ?? 0) <= at * 1000;
  return { isFull, micros: isFull ? at * 1000 + price : price, latest: latestFullAt(rate, { units, at }) };
}

/** Counts the process in its minute, and forgets minutes that nobody asks for any more. */
function countingOf(at: number, countProcess: boolean, believed: Standing) {
  if (!countProcess) return { clauses: '', names: {}, values: {} };
  const minute = Math.floor(at / MINUTE_MS);
  const old = [...believed.keys()].filter(
    (name) => name.startsWith(processesPrefix) && Number(name.slice(processesPrefix.length)) < minute - 1,
  );
  const names: Record<string, string> = { '#minute': `${processesPrefix}${minute}` };
  old.forEach((name, index) => {
    names[`#old${index}`] = name;
  });
  const removed = old.length === 0 ? '' : ` REMOVE ${old.map((_, index) => `#old${index}`).join(', ')}`;
  return { clauses: `${removed} ADD #minute :one`, names, values: { ':one': numeric(1) } };
}

function answerOf(
  { buckets, at }: RateDemand,
  taken: readonly number[] | undefined,
  standing: Standing,
): RateAnswer {
  const minute = Math.floor(at / MINUTE_MS);
  const counted = [minute, minute - 1].map((each) => standing.get(`${processesPrefix}${each}`) ?? 0);
  return {
    taken,
    fullAt: buckets.map(({ bucket }) => standing.get(bucketAttribute(bucket)) ?? 0),
    processes: Math.max(1, ...counted),
  };
}

function standingOf(item: Readonly<Record<string, AttributeValue>> | undefined): Standing {
  return new Map(
    Object.entries(item ?? {}).flatMap(([name, value]) =>
      value.N === undefined ? [] : [[name, Number(value.N)]],
    ),
  );
}

function keyOf(tenant: string): Record<string, AttributeValue> {
  return { [ledgerKeys.partition]: { S: tenant }, [ledgerKeys.sort]: { S: ledgerItems.rates } };
}

function numeric(value: number): AttributeValue {
  return { N: String(value) };
}
