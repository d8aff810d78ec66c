import { type CapacityLedger, type CapacityLimit, LEASE_RENEWED_MS } from '../ports/capacity-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';

/** Renews the leases of calls under way, and gives them back. */
export interface LeaseKeeper {
  /**
   * From its grant on. Call the answer when the call has ended, however it did; more than once is once. It answers with
   * what is still under way then, which never rejects.
   */
  keep(limit: CapacityLimit, leaseId: string): () => Promise<void> | undefined;
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
  /** Monotonic time of the next renewal. */
  dueMs: number;
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

  keep(limit: CapacityLimit, leaseId: string): () => Promise<void> | undefined {
    const { clock } = this.#dependencies;
    const held: Held = { limit, leaseId, dueMs: clock.monotonicMs() + LEASE_RENEWED_MS };
    this.#held.add(held);
    if (this.#cancelSleep === undefined) this.#sleep(LEASE_RENEWED_MS);
    let open = true;
    return () => {
      if (!open) return undefined;
      open = false;
      return this.#giveBack(held);
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

  #renew(held: Held): void {
    const { capacity, clock } = this.#dependencies;
    const renewing = capacity.renew(held.limit, held.leaseId, clock.now());
    if (typeof renewing === 'boolean') this.#renewed(held, renewing);
    else void renewing.then((stands) => this.#renewed(held, stands));
  }

  /** A call whose slot is lost goes on: its caller has been shown content, and the slot's next holder is one too many. */
  #renewed(held: Held, stands: boolean): void {
    if (stands || !this.#held.delete(held)) return;
    this.#dependencies.metrics.count('lease-lost');
  }
}
