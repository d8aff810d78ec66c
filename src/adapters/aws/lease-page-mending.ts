/**
 * Gateways write pages whose leases are numbers, end soon and add up. A page that something else wrote to would keep its
 * slots from everybody for ever, for nothing in it is ever overdue: it is mended as soon as it refuses somebody, and only
 * over what was seen.
 */
import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { isOverdue, LEASE_AHEAD_MS_MAX, LEASE_TRUSTED_MS } from '#core/capacity/lease.ts';
import type { PageAdmission } from '#core/capacity/lease-page.ts';
import { leaseOf, numeric, type PageItem, typeNamed } from './lease-page-item.ts';

type Update = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** By one write: more would not fit into its condition. An admission cannot remove more either. */
const REMOVED_MAX = 32;

interface PageMending {
  /** As they were seen: no leases, or such as nobody holds. */
  readonly removed: readonly (readonly [leaseId: string, value: AttributeValue])[];
  /** Of the others. */
  readonly kvTokens: number;
}

/**
 * The write that makes a page one of leases again, or takes lapsed ones away of which there are more than the admission
 * could remove; undefined where neither is needed, and for a page that is not there.
 */
export function mendingUpdate(item: PageItem, admission: PageAdmission): Update | undefined {
  if (item.leases === undefined) return undefined;
  if (item.leases.M === undefined) return replacement;
  const mending = mendingOf(item.leases.M, item.kvTokens, admission);
  if (mending === undefined) return undefined;
  const { removed, kvTokens } = mending;
  const names: Record<string, string> = { '#leases': 'leases', '#kv': 'kvTokens' };
  const values: Record<string, AttributeValue> = { ':kv': numeric(kvTokens) };
  const conditions = [item.kvTokens === undefined ? 'attribute_not_exists(#kv)' : '#kv = :kvSeen'];
  if (item.kvTokens !== undefined) values[':kvSeen'] = item.kvTokens;
  removed.forEach(([leaseId, value], index) => {
    names[`#x${index}`] = leaseId;
    const expiry = value.L?.[0];
    if (expiry?.N === undefined) values[':number'] = typeNamed('N');
    else values[`:x${index}`] = expiry;
    const isAsSeen = `#leases.#x${index}[0] = :x${index}`;
    const isNoLease = `NOT attribute_type(#leases.#x${index}[0], :number)`;
    conditions.push(expiry?.N === undefined ? isNoLease : isAsSeen);
  });
  const going = removed.map((_, index) => `#leases.#x${index}`);
  return {
    UpdateExpression: `SET #kv = :kv${going.length === 0 ? '' : ` REMOVE ${going.join(', ')}`}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: going.length === 0 ? { '#kv': 'kvTokens' } : names,
    ExpressionAttributeValues: values,
  };
}

/** Where there is no map of leases. The admission that follows says how long the page lives. */
const replacement: Update = {
  UpdateExpression: 'SET #leases = :leases, #kv = :kv',
  ConditionExpression: 'NOT attribute_type(#leases, :map)',
  ExpressionAttributeNames: { '#leases': 'leases', '#kv': 'kvTokens' },
  ExpressionAttributeValues: { ':leases': { M: {} }, ':kv': numeric(0), ':map': typeNamed('M') },
};

/** Undefined where nothing is to be mended. */
function mendingOf(
  leases: Readonly<Record<string, AttributeValue>>,
  kvTokens: AttributeValue | undefined,
  { lease: { expiresAt }, room }: PageAdmission,
): PageMending | undefined {
  const entries = Object.entries(leases);
  const at = expiresAt - LEASE_TRUSTED_MS;
  const isCrowded = entries.length >= room.slots + REMOVED_MAX;
  const isNobodys = ([, value]: readonly [string, AttributeValue]): boolean => {
    const lease = leaseOf(value);
    if (lease === undefined || lease.expiresAt > expiresAt + LEASE_AHEAD_MS_MAX) return true;
    return isCrowded && isOverdue(lease.expiresAt, at);
  };
  const removed = entries.filter(isNobodys).slice(0, REMOVED_MAX);
  const gone = new Set(removed.map(([leaseId]) => leaseId));
  const kept = entries.filter(([leaseId]) => !gone.has(leaseId));
  const sum = kept.reduce((total, [, value]) => total + (leaseOf(value)?.kvTokens ?? 0), 0);
  const isSound = removed.length === 0 && kvTokens?.N !== undefined && Number(kvTokens.N) === sum;
  return isSound ? undefined : { removed, kvTokens: sum };
}
