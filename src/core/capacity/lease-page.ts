/**
 * A page: one item of the store that holds some of a target's leases, and is changed by one conditional write at a time.
 *
 * Nothing in it counts up and down by itself. Where a store keeps the sum of the KV tokens beside the leases, it may move
 * only in a write whose condition is that the very lease comes or goes: a write that arrives twice, late, or not at all
 * then moves both or neither, and the sum always equals the leases.
 */
import type { InstantMs } from '../units/instant-ms.ts';
import { isOverdue, type Lease } from './lease.ts';

export interface LeasePage {
  readonly leases: ReadonlyMap<string, Lease>;
}

export const emptyPage: LeasePage = { leases: new Map() };

/** Up to where a lease may fill a page: less than the page holds, for lanes that leave something to those above. */
export interface PageRoom {
  readonly slots: number;
  /** Undefined where only requests are limited. */
  readonly kvTokens: number | undefined;
}

export interface SeenLease extends Lease {
  readonly leaseId: string;
}

/** One write: a lease comes, and overdue ones go to make room for it. */
export interface PageAdmission {
  readonly lease: SeenLease;
  readonly room: PageRoom;
  /** Others than the lease; only as they were seen: one that was renewed or released meanwhile refuses the whole write. */
  readonly removed: readonly SeenLease[];
}

export const kvTokensOn = ({ leases }: LeasePage): number => {
  let sum = 0;
  for (const { kvTokens } of leases.values()) sum += kvTokens;
  return sum;
};

/** The page with the lease on it; undefined when the write is refused, also because the lease is there already. */
export function admitTo(page: LeasePage, admission: PageAdmission): LeasePage | undefined {
  const { lease, removed } = admission;
  const seenStill = removed.every(
    ({ leaseId, expiresAt }) => page.leases.get(leaseId)?.expiresAt === expiresAt,
  );
  if (!seenStill || page.leases.has(lease.leaseId) || !hasRoomFor(page, admission)) return undefined;
  const leases = new Map(page.leases);
  for (const { leaseId } of removed) leases.delete(leaseId);
  const { leaseId, expiresAt, kvTokens } = lease;
  return { leases: leases.set(leaseId, { expiresAt, kvTokens }) };
}

/** Whether there is room once what is to be removed has gone. */
export function hasRoomFor(page: LeasePage, { lease, room, removed }: PageAdmission): boolean {
  if (page.leases.size - removed.length >= room.slots) return false;
  if (room.kvTokens === undefined) return true;
  const freed = removed.reduce((sum, each) => sum + each.kvTokens, 0);
  return kvTokensOn(page) - freed + lease.kvTokens <= room.kvTokens;
}

/** A call under way says that it is, and how much memory it has come to fill. */
export interface LeaseRenewal {
  readonly expiresAt: InstantMs;
  /** KV tokens that its holder knows the lease to have. */
  readonly kvTokens: number;
  /**
   * What the call has outgrown them to, room or not: the memory is filled already, and nobody else is to be let into it.
   * @default - it has not
   */
  readonly grownTo?: number | undefined;
}

/** Undefined when the lease is not there. A renewal that comes late never takes back a later one, nor tokens. */
export function renewOn(
  page: LeasePage,
  leaseId: string,
  { expiresAt, grownTo = 0 }: LeaseRenewal,
): LeasePage | undefined {
  const lease = page.leases.get(leaseId);
  if (lease === undefined) return undefined;
  // Growth goes only with a later end: that is how others see that a lease is no more what it was.
  if (lease.expiresAt >= expiresAt) return page;
  const kvTokens = Math.max(lease.kvTokens, grownTo);
  return { leases: new Map(page.leases).set(leaseId, { expiresAt, kvTokens }) };
}

export function releaseFrom(page: LeasePage, leaseId: string): LeasePage {
  if (!page.leases.has(leaseId)) return page;
  const leases = new Map(page.leases);
  leases.delete(leaseId);
  return { leases };
}

/** Leases whose slots anybody may take now, in the order of their ids. */
export function overdueOn({ leases }: LeasePage, at: InstantMs): readonly SeenLease[] {
  const overdue: SeenLease[] = [];
  for (const [leaseId, lease] of leases)
    if (isOverdue(lease.expiresAt, at)) overdue.push({ leaseId, ...lease });
  return overdue.sort((left, right) => (left.leaseId < right.leaseId ? -1 : 1));
}
