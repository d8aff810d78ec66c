import { LEASE_OVERDUE_MS, type Lease } from '#core/capacity/lease.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { LeaseDemand } from '../ports/capacity-ledger.ts';

/** A lease as it stands on a page. */
export interface StoredLease extends Lease {
  readonly target: string;
  /** The page's number in the target, and its key among all pages. */
  readonly page: number;
  readonly key: string;
  readonly storedId: string;
  /** With how many slots left free it was granted. */
  readonly slotsReserved: number;
}

interface Owed {
  readonly lease: StoredLease;
  /**
   * `ours`: certainly on its page. `asking`: its removal is under way. `doubtful`: whether it is there, or whether a call
   * that puts it there or removes it is still carried out, nobody knows. `gone`: removed, after a doubt.
   */
  state: 'ours' | 'asking' | 'doubtful' | 'gone';
}

/**
 * Leases that no call uses any more and that may still stand in the store. They are given back when it answers; what it
 * does not hear of lapses. One that was not asked back yet is as good as new to this process, until it expires.
 */
export class OwedLeases {
  /** By stored id, oldest first. */
  readonly #owed = new Map<string, Owed>();

  owe(lease: StoredLease, { state, at }: Pick<Owed, 'state'> & { readonly at: InstantMs }): void {
    this.#forgetLapsed(at);
    this.#owed.set(lease.storedId, { lease, state });
  }

  /** An id under which no call may still be carried out late: its removal might hit a new lease. */
  freshId(leaseId: string): string {
    let id = leaseId;
    for (let episode = 2; this.#owed.has(id); episode += 1) id = `${leaseId}~${episode}`;
    return id;
  }

  /** A slot that this process still holds in the store, for a call that need not leave more free than it did. */
  reuse({ limit, kvTokens, slotsReserved, at }: LeaseDemand): StoredLease | undefined {
    for (const [storedId, { lease, state }] of this.#owed) {
      const fits = lease.kvTokens >= kvTokens && lease.slotsReserved >= slotsReserved;
      if (state !== 'ours' || !fits || lease.target !== limit.target || lease.expiresAt <= at) continue;
      this.#owed.delete(storedId);
      return lease;
    }
    return undefined;
  }

  /** The next to be asked back; its removal counts as under way from now on. */
  next(): StoredLease | undefined {
    for (const owed of this.#owed.values()) {
      if (owed.state !== 'ours' && owed.state !== 'doubtful') continue;
      owed.state = 'asking';
      return owed.lease;
    }
    return undefined;
  }

  /** Its only removal was carried out: nothing more comes of it. */
  settled({ storedId }: StoredLease): void {
    this.#owed.delete(storedId);
  }

  /** What came of a removal. */
  asked({ storedId }: StoredLease, isGone: boolean): void {
    const owed = this.#owed.get(storedId);
    if (owed !== undefined) owed.state = isGone ? 'gone' : 'doubtful';
  }

  #forgetLapsed(at: InstantMs): void {
    for (const [storedId, { lease }] of this.#owed) {
      if (at < lease.expiresAt + LEASE_OVERDUE_MS) return;
      this.#owed.delete(storedId);
    }
  }
}
