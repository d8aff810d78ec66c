import { kvTokensOfCopy } from '#core/capacity/lease.ts';
import type { Amount } from '#core/capacity/slot-block.ts';
import { invariant } from '#core/units/invariant.ts';
import type { CapacityLimit } from '../ports/capacity-ledger.ts';

/** How much of each limit is set aside for processes that do not reach their store. */
export interface SafeShare {
  /** Processes of the gateway region that there can be at most at a time, 1 or more. */
  readonly processesMax: number;
  /** Of each limit, 0 to 1: each process has its part of it, rounded down. */
  readonly share: number;
}

interface DividedLimit {
  /** What one process may lend by itself. */
  readonly own: Amount;
  /** What all processes share; it may have no slots. */
  readonly common: CapacityLimit;
}

/**
 * A limit as parts that nobody has to ask anybody for, and the rest. All parts together are never more than the limit,
 * whoever reaches whom: a part is a process's own also while others do not use theirs.
 */
export function divided(limit: CapacityLimit, { processesMax, share }: SafeShare): DividedLimit {
  invariant(share >= 0 && share <= 1, `a share of ${share} is from 0 to 1`);
  const partOf = (whole: number): number => Math.floor((whole * share) / processesMax);
  const own = { slots: partOf(limit.slots), kvTokens: partOf(limit.kvTokens ?? 0) };
  const { kvTokens } = limit;
  return {
    own,
    common: {
      ...limit,
      slots: limit.slots - own.slots * processesMax,
      ...(kvTokens !== undefined && { kvTokens: kvTokens - own.kvTokens * processesMax }),
    },
  };
}

/**
 * KV tokens of the largest call that either part can hold, if it were empty: fewer than a copy holds, the more is set
 * aside. Undefined where only requests are limited.
 */
export function largestCallOf(limit: CapacityLimit, safe: SafeShare): number | undefined {
  const ofCopy = kvTokensOfCopy(limit);
  if (ofCopy === undefined) return undefined;
  const { own, common } = divided(limit, safe);
  const ofCommon = common.slots === 0 ? 0 : (kvTokensOfCopy(common) ?? 0);
  return Math.max(ofCommon, own.slots === 0 ? 0 : Math.min(own.kvTokens, ofCopy));
}

/** The part of what is reserved in the whole that has to stay free in one part of it. */
export const reservedOf = (part: number, whole: number, reserved: number): number =>
  whole === 0 ? 0 : Math.ceil((part * reserved) / whole);
