/**
 * Pages of leases in the capacity table of the gateway's own region: one item a page, one update a change.
 *
 *     leases:   { <lease id>: [ <expires at, epoch ms>, <KV tokens, where there are any> ], … }
 *     kvTokens: the sum of the leases'. It moves only in an update whose condition says that the lease itself comes or goes
 *
 * A refusal shows the page as it stood; where the engine does not show it, it is read. An item without use vanishes by its
 * time to live, and an absent page is an empty one.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { capacityKeys } from '#contract/resources.ts';
import { capacityItems, timeToLiveAttribute } from '#contract/table-keys.ts';
import { admitTo, emptyPage, type LeaseRenewal, type PageAdmission } from '#core/capacity/lease-page.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { AdmissionOutcome, LeasePageStore } from '#usecases/ports/lease-page-store.ts';
import { ConditionalItems, type ConditionalItemsOptions, type ItemUpdate } from './conditional-items.ts';
import { leaseValue, numeric, type PageItem, pageOf, typeNamed } from './lease-page-item.ts';
import { mendingUpdate } from './lease-page-mending.ts';

/** A new page is refused once by itself, and once by each that was faster; more is bad luck. */
const TRIES_MAX = 4;
/** The second follows an answer that was lost. */
const GROWTH_TRIES_MAX = 2;
/** The leases of a page have lapsed long before; the item may then go. */
const KEPT_SECONDS = 3_600;

export function createDynamodbLeasePageStore(options: ConditionalItemsOptions): LeasePageStore {
  return new DynamodbLeasePageStore(options);
}

class DynamodbLeasePageStore implements LeasePageStore {
  readonly #items: ConditionalItems;
  readonly #clockCheck: ConditionalItemsOptions['clockCheck'];

  constructor(options: ConditionalItemsOptions) {
    this.#items = new ConditionalItems(options);
    this.#clockCheck = options.clockCheck;
  }

  async admit(key: string, admission: PageAdmission): Promise<AdmissionOutcome> {
    let isNew = false;
    let page = emptyPage;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const update = isNew ? creationUpdate(admission) : admissionUpdate(admission);
      const refused = await this.#update(key, update);
      if (refused === undefined) return { applied: true };
      page = pageOf(refused);
      // What is to be mended is judged by the clock.
      if (this.#clockCheck?.isWrong === true) break;
      const mending = mendingUpdate(refused, admission);
      if (mending !== undefined) {
        await this.#update(key, mending);
        continue;
      }
      if (admitTo(page, admission) === undefined) break;
      // It refused as a page that was not there yet, or no more as it was.
      isNew = refused.leases === undefined;
    }
    return { applied: false, page };
  }

  async renew(key: string, leaseId: string, renewal: LeaseRenewal): Promise<boolean> {
    const { expiresAt, grownTo = 0 } = renewal;
    let { kvTokens } = renewal;
    // What its holder knows may be what it was before a write whose answer was lost.
    for (let tries = 0; tries < GROWTH_TRIES_MAX && grownTo > kvTokens; tries += 1) {
      const refused = await this.#update(key, growthUpdate(leaseId, { expiresAt, kvTokens, grownTo }));
      if (refused === undefined) return true;
      const standing = pageOf(refused).leases.get(leaseId);
      if (standing === undefined) return false;
      kvTokens = standing.kvTokens;
    }
    const refused = await this.#update(key, renewalUpdate(leaseId, expiresAt));
    return refused === undefined || pageOf(refused).leases.has(leaseId);
  }

  async release(
    key: string,
    { leaseId, kvTokens }: { readonly leaseId: string; readonly kvTokens: number },
  ): Promise<void> {
    await this.#update(key, kvTokens === 0 ? removalUpdate(leaseId) : removalWithTokens(leaseId));
  }

  /** The item as it stood when it refused the update; undefined when it did not. */
  async #update(key: string, update: ItemUpdate): Promise<PageItem | undefined> {
    const { applied, item } = await this.#items.update(keyOf(key), update);
    return applied ? undefined : item;
  }
}

/** For a page that is there, which it nearly always is. */
function admissionUpdate({ lease, room, removed }: PageAdmission): ItemUpdate {
  const names: Record<string, string> = {
    '#leases': 'leases',
    '#id': lease.leaseId,
    '#kv': 'kvTokens',
    '#ttl': timeToLiveAttribute,
  };
  const freed = removed.reduce((sum, each) => sum + each.kvTokens, 0);
  const values: Record<string, AttributeValue> = {
    ':lease': leaseValue(lease),
    ':kv': numeric(lease.kvTokens - freed),
    ':slots': numeric(room.slots + removed.length),
    ':ttl': timeToLive(lease.expiresAt),
    ':map': typeNamed('M'),
    ':number': typeNamed('N'),
  };
  const conditions = [
    // An update of another shape fails instead of being refused, as a store does that is away.
    'attribute_type(#leases, :map)',
    'attribute_type(#kv, :number)',
    'attribute_not_exists(#leases.#id)',
    'size(#leases) < :slots',
  ];
  if (room.kvTokens !== undefined) {
    conditions.push('#kv <= :kvRoom');
    values[':kvRoom'] = numeric(room.kvTokens - lease.kvTokens + freed);
  }
  removed.forEach(({ leaseId, expiresAt }, index) => {
    names[`#x${index}`] = leaseId;
    values[`:x${index}`] = numeric(expiresAt);
    conditions.push(`#leases.#x${index}[0] = :x${index}`);
  });
  const going = removed.map((_, index) => `#leases.#x${index}`);
  return {
    UpdateExpression: `SET #leases.#id = :lease, #kv = #kv + :kv, #ttl = :ttl${
      going.length === 0 ? '' : ` REMOVE ${going.join(', ')}`
    }`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

function renewalUpdate(leaseId: string, expiresAt: InstantMs): ItemUpdate {
  return {
    UpdateExpression: 'SET #leases.#id[0] = :expiry, #ttl = :ttl',
    // One that comes late never takes back a later one.
    ConditionExpression: '#leases.#id[0] < :expiry',
    ExpressionAttributeNames: { '#leases': 'leases', '#id': leaseId, '#ttl': timeToLiveAttribute },
    ExpressionAttributeValues: { ':expiry': numeric(expiresAt), ':ttl': timeToLive(expiresAt) },
  };
}

/** Moves the sum of the tokens only where the lease itself moves from what was known of it. */
function growthUpdate(
  leaseId: string,
  { expiresAt, kvTokens, grownTo }: LeaseRenewal & { readonly grownTo: number },
): ItemUpdate {
  return {
    UpdateExpression: 'SET #leases.#id[0] = :expiry, #leases.#id[1] = :to, #kv = #kv + :more, #ttl = :ttl',
    ConditionExpression:
      '#leases.#id[0] < :expiry AND #leases.#id[1] = :from AND attribute_type(#kv, :number)',
    ExpressionAttributeNames: {
      '#leases': 'leases',
      '#id': leaseId,
      '#kv': 'kvTokens',
      '#ttl': timeToLiveAttribute,
    },
    ExpressionAttributeValues: {
      ':expiry': numeric(expiresAt),
      ':ttl': timeToLive(expiresAt),
      ':from': numeric(kvTokens),
      ':to': numeric(grownTo),
      ':more': numeric(grownTo - kvTokens),
      ':number': typeNamed('N'),
    },
  };
}

function removalUpdate(leaseId: string): ItemUpdate {
  return {
    UpdateExpression: 'REMOVE #leases.#id',
    ConditionExpression: 'attribute_exists(#leases.#id)',
    ExpressionAttributeNames: { '#leases': 'leases', '#id': leaseId },
  };
}

/** By what the lease has by now: it may have outgrown what its holder heard of. */
function removalWithTokens(leaseId: string): ItemUpdate {
  return {
    UpdateExpression: 'SET #kv = #kv - #leases.#id[1] REMOVE #leases.#id',
    ConditionExpression: 'attribute_type(#leases.#id[1], :number) AND attribute_type(#kv, :number)',
    ExpressionAttributeNames: { '#leases': 'leases', '#id': leaseId, '#kv': 'kvTokens' },
    ExpressionAttributeValues: { ':number': typeNamed('N') },
  };
}

/** For a page that nobody has written to yet. */
function creationUpdate({ lease }: PageAdmission): ItemUpdate {
  return {
    UpdateExpression: 'SET #leases = :leases, #kv = :kv, #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(#leases)',
    ExpressionAttributeNames: { '#leases': 'leases', '#kv': 'kvTokens', '#ttl': timeToLiveAttribute },
    ExpressionAttributeValues: {
      ':leases': { M: { [lease.leaseId]: leaseValue(lease) } },
      ':kv': numeric(lease.kvTokens),
      ':ttl': timeToLive(lease.expiresAt),
    },
  };
}

function keyOf(key: string): Record<string, AttributeValue> {
  return { [capacityKeys.partition]: { S: key }, [capacityKeys.sort]: { S: capacityItems.leases } };
}

function timeToLive(expiresAt: InstantMs): AttributeValue {
  return numeric(Math.ceil(expiresAt / 1000) + KEPT_SECONDS);
}
