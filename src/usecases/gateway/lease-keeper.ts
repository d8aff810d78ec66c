import type { Lane } from '#core/capacity/lane.ts';
import { type CapacityLedger, type CapacityLimit, LEASE_RENEWED_MS } from '../ports/capacity-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';

/** Renews the leases of calls under way, and gives them back. */
export interface LeaseKeeper {
  /**
   * From its grant on.
   *
   * @param holder for whoever looks at what is held. @default - nobody sees it
   */
  keep(limit: CapacityLimit, leaseId: string, holder?: LeaseHolder): KeptLease;
  /** What calls of this process hold at this moment. */
  held(): Iterable<readonly [limit: CapacityLimit, holder: LeaseHolder]>;
}

/** The call that a lease is of. */
export interface LeaseHolder {
  readonly tenant: string;
  readonly residency: string;
  readonly model: string;
  readonly lane: Lane;
}

interface KeptLease {
  /** The call has outgrown its KV tokens to so many. Quick, and safe to call at any time. */
  grow(kvTokens: number): void;
  /**
   * The call has ended, however it did; more than once is once. Answers with what is still under way then, which never
   * rejects.
   */
  giveBack(): Promise<void> | undefined;
}

export interface LeaseKeeperDependencies {
  readonly capacity: CapacityLedger;
  readonly clock: Clock;
  readonly metrics: Pick<GatewayMetrics, 'count'>;
}

export function createLeaseKeeper(dependencies: LeaseKeeperDependencies): LeaseKeeper {
  return new RenewingKeeper(dependencies);
}

interface Held {
  readonly limit: CapacityLimit;
  readonly leaseId: string;
  readonly holder: LeaseHolder | undefined;
  /** Monotonic time of the next renewal. */
  dueMs: number;
  /** KV tokens that it has outgrown its own to; 0 before. */
  grownTo: number;
  /** Of those the store is asked about now, or was last. */
  toldOf: number;
  renewing: boolean;
}

/** One sleeper for all leases: most calls end long before their first renewal, and a timer for each would be waste. */
class RenewingKeeper implements LeaseKeeper {
  readonly #dependencies: LeaseKeeperDependencies;
  /** The next that is due first: all are renewed after the same time. */
  readonly #held = new Set<Held>();
  #cancelSleep: (() => void) | undefined;

  constructor(dependencies: LeaseKeeperDependencies) {
    this.#dependencies = dependencies;
  }

  *held(): Generator<readonly [CapacityLimit, LeaseHolder]> {
    for (const { limit, holder } of this.#held) if (holder !== undefined) yield [limit, holder];
  }

  keep(limit: CapacityLimit, leaseId: string, holder?: LeaseHolder): KeptLease {
    const { clock } = this.#dependencies;
    const dueMs = clock.monotonicMs() + LEASE_RENEWED_MS;
    const held: Held = { limit, leaseId, holder, dueMs, grownTo: 0, toldOf: 0, renewing: false };
    this.#held.add(held);
    if (this.#cancelSleep === undefined) this.#sleep(LEASE_RENEWED_MS);
    let open = true;
    return {
      grow: (kvTokens) => {
        held.grownTo = Math.max(held.grownTo, kvTokens);
        if (this.#held.has(held)) this.#tellGrowth(held);
      },
      giveBack: () => {
        if (!open) return undefined;
        open = false;
        return this.#giveBack(held);
      },
    };
  }

  #giveBack(held: Held): Promise<void> | undefined {
    const { capacity, clock } = this.#dependencies;
    this.#held.delete(held);
    if (this.#held.size === 0) {
      this.#cancelSleep?.();
      this.#cancelSleep = undefined;
    }
    return capacity.release(held.limit, held.leaseId, clock.now()) ?? undefined;
  }

  #sleep(forMs: number): void {
    this.#cancelSleep = this.#dependencies.clock.after(forMs, this.#wake);
  }

  readonly #wake = (): void => {
    this.#cancelSleep = undefined;
    const atMs = this.#dependencies.clock.monotonicMs();
    for (const held of this.#held) {
      if (held.dueMs > atMs) {
        this.#sleep(held.dueMs - atMs);
        return;
      }
      held.dueMs = atMs + LEASE_RENEWED_MS;
      this.#held.delete(held);
      this.#held.add(held);
      this.#renew(held);
    }
  };

  /** At once, and after a renewal that is under way: nobody else is to be let into memory that is filled. */
  #tellGrowth(held: Held): void {
    if (held.grownTo > held.toldOf && !held.renewing) this.#renew(held);
  }

  #renew(held: Held): void {
    const { capacity, clock } = this.#dependencies;
    held.toldOf = held.grownTo;
    held.renewing = true;
    const renewing = capacity.renew(held.limit, held.leaseId, {
      at: clock.now(),
      grownTo: held.grownTo,
    });
    if (typeof renewing === 'boolean') this.#renewed(held, renewing);
    else void renewing.then((stands) => this.#renewed(held, stands));
  }

  /** A call whose slot is lost goes on: its caller has been shown content, and the slot's next holder is one too many. */
  #renewed(held: Held, stands: boolean): void {
    held.renewing = false;
    if (!this.#held.has(held)) return;
    if (stands) this.#tellGrowth(held);
    else {
      this.#held.delete(held);
      this.#dependencies.metrics.count('lease-lost');
    }
  }
}
