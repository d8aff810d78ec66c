/**
 * Slots in memory, for processes that share them with nobody, and for the simulator: decides at once.
 *
 * Leases expire here as they do elsewhere, so that a holder that forgets one, or dies alone, costs a slot for a while only.
 */
import {
  type CapacityLimit,
  copiesFilled,
  isOverdue,
  kvTokensOfCopy,
  type Lease,
  leaseExpiry,
  neverFits,
} from '#core/capacity/lease.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type {
  CapacityLedger,
  Lacking,
  LeaseAnswer,
  LeaseDemand,
  LeaseUse,
} from '#usecases/ports/capacity-ledger.ts';

export interface MemoryCapacityLedger extends CapacityLedger {
  acquire(demand: LeaseDemand): LeaseAnswer;
  foresee(demand: LeaseDemand): Lacking | undefined;
  renew(limit: CapacityLimit, leaseId: string, use: LeaseUse): boolean;
  release(limit: CapacityLimit, leaseId: string, at: InstantMs): void;
  /** Slots that are lent, of all targets. */
  held(at: InstantMs): number;
}

export function createMemoryCapacityLedger(): MemoryCapacityLedger {
  const pools = new Map<string, TargetPool>();
  const poolOf = (target: string): TargetPool => {
    const known = pools.get(target);
    if (known !== undefined) return known;
    const made = new TargetPool();
    pools.set(target, made);
    return made;
  };
  return {
    acquire: (demand) => poolOf(demand.limit.target).acquire(demand),
    foresee: (demand) => poolOf(demand.limit.target).foresee(demand),
    renew: (limit, leaseId, use) => poolOf(limit.target).renew(leaseId, use),
    release: (limit, leaseId) => poolOf(limit.target).release(leaseId),
    held: (at) => [...pools.values()].reduce((sum, pool) => sum + pool.held(at), 0),
  };
}

const full: LeaseAnswer = { granted: false, reason: 'full' };
const tooLarge: LeaseAnswer = { granted: false, reason: 'never-fits' };

interface PlacedLease extends Lease {
  readonly copy: number;
}

interface CopyUse {
  leases: number;
  kvTokens: number;
}

class TargetPool {
  /** The next to expire first: all live equally long, and a renewed one goes to the end. */
  readonly #leases = new Map<string, PlacedLease>();
  /** What the leases of each copy add up to; moved only together with them. */
  readonly #copies: CopyUse[] = [];
  #kvTokens = 0;

  acquire(demand: LeaseDemand): LeaseAnswer {
    const { limit, leaseId, kvTokens, at } = demand;
    this.#dropOverdue(at);
    const known = this.#leases.get(leaseId);
    if (known !== undefined) return { granted: true, expiresAt: known.expiresAt };
    if (neverFits(limit, kvTokens)) return tooLarge;
    const copy = this.#placeFor(demand);
    if (typeof copy === 'string') return full;
    const lease = { copy, kvTokens, expiresAt: leaseExpiry(at) };
    this.#leases.set(leaseId, lease);
    this.#place(lease, 1);
    return { granted: true, expiresAt: lease.expiresAt };
  }

  foresee(demand: LeaseDemand): Lacking | undefined {
    this.#dropOverdue(demand.at);
    const place = this.#placeFor(demand);
    return typeof place === 'string' ? place : undefined;
  }

  renew(leaseId: string, { at, grownTo = 0 }: LeaseUse): boolean {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined) return false;
    const renewed = {
      copy: lease.copy,
      kvTokens: Math.max(lease.kvTokens, grownTo),
      expiresAt: Math.max(lease.expiresAt, leaseExpiry(at)),
    };
    this.#leases.delete(leaseId);
    this.#place(lease, -1);
    this.#leases.set(leaseId, renewed);
    this.#place(renewed, 1);
    return true;
  }

  release(leaseId: string): void {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined) return;
    this.#leases.delete(leaseId);
    this.#place(lease, -1);
  }

  held(at: InstantMs): number {
    this.#dropOverdue(at);
    return this.#leases.size;
  }

  #dropOverdue(at: InstantMs): void {
    for (const [leaseId, { expiresAt }] of this.#leases) {
      if (!isOverdue(expiresAt, at)) return;
      this.release(leaseId);
    }
  }

  /** The copy that would take it, or what is lacking. */
  #placeFor({ limit, kvTokens, slotsReserved }: LeaseDemand): number | Lacking {
    if (this.#leases.size >= limit.slots - slotsReserved) return 'slots';
    return this.#copyFor(limit, { kvTokens, slotsReserved }) ?? 'memory';
  }

  /** The least busy copy that has the memory; 0 where only requests are limited. */
  #copyFor(
    limit: CapacityLimit,
    { kvTokens, slotsReserved }: Pick<LeaseDemand, 'kvTokens' | 'slotsReserved'>,
  ): number | undefined {
    const held = kvTokensOfCopy(limit);
    if (held === undefined) return 0;
    const { slots } = limit;
    const copies = copiesFilled(limit);
    const whole = held * copies;
    if (this.#kvTokens + kvTokens > whole - Math.ceil((whole * slotsReserved) / slots)) return undefined;
    let best: number | undefined;
    for (let copy = 0; copy < copies; copy += 1) {
      const use = this.#use(copy);
      const fits = use.kvTokens + kvTokens <= held;
      if (fits && (best === undefined || use.leases < this.#use(best).leases)) best = copy;
    }
    return best;
  }

  #place({ copy, kvTokens }: PlacedLease, by: 1 | -1): void {
    const use = this.#use(copy);
    use.leases += by;
    use.kvTokens += by * kvTokens;
    this.#kvTokens += by * kvTokens;
  }

  #use(copy: number): CopyUse {
    const known = this.#copies[copy];
    if (known !== undefined) return known;
    const made = { leases: 0, kvTokens: 0 };
    this.#copies[copy] = made;
    return made;
  }
}
