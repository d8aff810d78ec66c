import { CLOCK_SKEW_MS_MAX, LEASE_MS, type Lease, leaseExpiry, neverFits } from '#core/capacity/lease.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type {
  CapacityLedger,
  CapacityLimit,
  Lacking,
  LeaseAnswer,
  LeaseDemand,
  LeaseUse,
} from '../ports/capacity-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import { divided, largestCallOf, reservedOf, type SafeShare } from './safe-share.ts';

export interface SafeCapacityLedgerOptions extends SafeShare {
  /** What all processes share. */
  readonly ledger: CapacityLedger;
  readonly clock: Clock;
  /** Calls that a process has at a time at most. @default - nobody knows */
  readonly callsMax?: number | undefined;
}

/** Calls of a process that died may be under way for so long: whoever takes its place leaves its part alone until then. */
const SETTLED_MS = LEASE_MS + CLOCK_SKEW_MS_MAX;

/**
 * Slots that a process may lend although it cannot ask anybody: its part of what is set aside, which it uses first; and
 * any slot where there are at least as many as all processes can have calls. Everything else is for the ledger that they share.
 *
 * Invariant: what all processes lend together is within the limit, whichever of them reach their store, and when.
 */
export function createSafeCapacityLedger(options: SafeCapacityLedgerOptions): CapacityLedger {
  return new SafeCapacityLedger(options);
}

interface Own {
  /** By id, out of this process's part. */
  readonly leases: Map<string, Lease>;
  /** Lent because there are no more calls than slots. */
  readonly bare: Map<string, Lease>;
  /** Leases that the shared ledger was asked for. */
  readonly asked: Set<string>;
}

class SafeCapacityLedger implements CapacityLedger {
  readonly #options: SafeCapacityLedgerOptions;
  readonly #settledMs: number;
  readonly #own = new Map<string, Own>();

  constructor(options: SafeCapacityLedgerOptions) {
    this.#options = options;
    this.#settledMs = options.clock.monotonicMs() + SETTLED_MS;
  }

  acquire(demand: LeaseDemand): LeaseAnswer | Promise<LeaseAnswer> {
    const { limit, leaseId, kvTokens, at } = demand;
    if (kvTokens > (this.largestCall(limit) ?? kvTokens)) return tooLarge;
    const own = this.#ownOf(limit.target);
    dropExpired(own.leases, at);
    dropExpired(own.bare, at);
    const standing = own.leases.get(leaseId) ?? own.bare.get(leaseId);
    if (standing !== undefined) return { granted: true, expiresAt: standing.expiresAt };
    if (own.asked.has(leaseId) || !this.#hasRoom(own, demand)) return this.#ask(own, demand);
    return lend(own.leases, demand);
  }

  foresee(demand: LeaseDemand): Lacking | undefined {
    const { limit, kvTokens, at } = demand;
    const own = this.#ownOf(limit.target);
    dropExpired(own.leases, at);
    if (this.#hasRoom(own, demand)) return undefined;
    const common = this.#commonDemand(demand);
    if (common.limit.slots === 0) return 'slots';
    return neverFits(common.limit, kvTokens) ? 'memory' : this.#options.ledger.foresee?.(common);
  }

  renew(limit: CapacityLimit, leaseId: string, use: LeaseUse): boolean | Promise<boolean> {
    const { at, grownTo = 0 } = use;
    const own = this.#ownOf(limit.target);
    for (const leases of [own.leases, own.bare]) {
      const lease = leases.get(leaseId);
      if (lease === undefined) continue;
      leases.delete(leaseId);
      leases.set(leaseId, { kvTokens: Math.max(lease.kvTokens, grownTo), expiresAt: leaseExpiry(at) });
      return true;
    }
    return this.#options.ledger.renew(this.#commonOf(limit), leaseId, use);
  }

  release(limit: CapacityLimit, leaseId: string, at: InstantMs): void | Promise<void> {
    const own = this.#ownOf(limit.target);
    own.leases.delete(leaseId);
    own.bare.delete(leaseId);
    if (own.asked.delete(leaseId)) return this.#options.ledger.release(this.#commonOf(limit), leaseId, at);
  }

  largestCall(limit: CapacityLimit): number | undefined {
    return largestCallOf(limit, this.#options);
  }

  #ask(own: Own, demand: LeaseDemand): LeaseAnswer | Promise<LeaseAnswer> {
    const common = this.#commonDemand(demand);
    // What fits into this process's part alone waits for that.
    if (common.limit.slots === 0 || neverFits(common.limit, demand.kvTokens)) return full;
    own.asked.add(demand.leaseId);
    const answer = this.#options.ledger.acquire(common);
    return answer instanceof Promise
      ? answer.then((heard) => this.#heard(own, demand, heard))
      : this.#heard(own, demand, answer);
  }

  /** Given back meanwhile, or asked for twice: then somebody else has heard it before. */
  #heard(own: Own, demand: LeaseDemand, answer: LeaseAnswer): LeaseAnswer {
    if (answer.granted || !own.asked.delete(demand.leaseId)) return answer;
    return answer.reason === 'unknown' && this.#isForAll(demand) ? lend(own.bare, demand) : answer;
  }

  #hasRoom({ leases }: Own, { limit, kvTokens, slotsReserved }: LeaseDemand): boolean {
    if (this.#options.clock.monotonicMs() < this.#settledMs || neverFits(limit, kvTokens)) return false;
    const { own } = divided(limit, this.#options);
    const reserved = (part: number): number => reservedOf(part, limit.slots, slotsReserved);
    if (leases.size >= own.slots - reserved(own.slots)) return false;
    if (limit.kvTokens === undefined) return true;
    const used = [...leases.values()].reduce((sum, each) => sum + each.kvTokens, 0);
    return used + kvTokens <= own.kvTokens - reserved(own.kvTokens);
  }

  /** There are no more calls than slots, whatever anybody lends. */
  #isForAll({ limit, slotsReserved }: LeaseDemand): boolean {
    const { processesMax, callsMax = Number.POSITIVE_INFINITY } = this.#options;
    return limit.kvTokens === undefined && processesMax * callsMax <= limit.slots - slotsReserved;
  }

  /** The same demand of what all processes share. */
  #commonDemand(demand: LeaseDemand): LeaseDemand {
    const { limit, slotsReserved } = demand;
    const common = this.#commonOf(limit);
    return { ...demand, limit: common, slotsReserved: reservedOf(common.slots, limit.slots, slotsReserved) };
  }

  #commonOf(limit: CapacityLimit): CapacityLimit {
    return divided(limit, this.#options).common;
  }

  #ownOf(target: string): Own {
    const known = this.#own.get(target);
    if (known !== undefined) return known;
    const made: Own = { leases: new Map(), bare: new Map(), asked: new Set() };
    this.#own.set(target, made);
    return made;
  }
}

const full: LeaseAnswer = { granted: false, reason: 'full' };
const tooLarge: LeaseAnswer = { granted: false, reason: 'never-fits' };

function lend(leases: Map<string, Lease>, { leaseId, kvTokens, at }: LeaseDemand): LeaseAnswer {
  const expiresAt = leaseExpiry(at);
  leases.set(leaseId, { expiresAt, kvTokens });
  return { granted: true, expiresAt };
}

/** The next to expire comes first: all live equally long, and one that is renewed goes to the end. */
function dropExpired(leases: Map<string, Lease>, at: InstantMs): void {
  for (const [leaseId, { expiresAt }] of leases) {
    if (expiresAt > at) return;
    leases.delete(leaseId);
  }
}
