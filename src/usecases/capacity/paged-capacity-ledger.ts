import { type CapacityLimit, leaseExpiry, neverFits } from '#core/capacity/lease.ts';
import { hasRoomFor, overdueOn, type PageAdmission, type SeenLease } from '#core/capacity/lease-page.ts';
import { type PageSpot, pagesFor } from '#core/capacity/lease-page-layout.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Random } from '#core/units/random.ts';
import type { CapacityLedger, LeaseAnswer, LeaseDemand, LeaseUse } from '../ports/capacity-ledger.ts';
import type { AdmissionOutcome, LeasePageStore } from '../ports/lease-page-store.ts';
import { OwedLeases, type StoredLease } from './owed-leases.ts';
import { PageMemory } from './page-memory.ts';
import { type Failed, type Permit, StoreContact, type StoreContactOptions } from './store-contact.ts';

export interface PagedCapacityLedgerOptions extends StoreContactOptions {
  readonly store: LeasePageStore;
  readonly random: Random;
}

/** No further page is tried after this. */
const ASK_MS_MAX = 250;
/** Of one page. A second follows where leases are overdue, a third where another process was faster to remove them. */
const TRIES_MAX = 4;
/** Overdue leases that one write removes: more would not fit into its condition. */
const REMOVED_MAX = 32;

const full: LeaseAnswer = { granted: false, reason: 'full' };
const unknown: LeaseAnswer = { granted: false, reason: 'unknown' };
const tooLarge: LeaseAnswer = { granted: false, reason: 'never-fits' };

interface HeldLease extends StoredLease {
  /** KV tokens that its call has outgrown it to; more than `kvTokens` where the store has not heard of it. */
  readonly grownTo: number;
}

interface Renewing {
  readonly held: HeldLease;
  readonly permit: Permit;
  readonly at: InstantMs;
}

interface Asking {
  readonly demand: LeaseDemand;
  readonly lease: SeenLease;
  readonly permit: Permit;
}

export function createPagedCapacityLedger(options: PagedCapacityLedgerOptions): CapacityLedger {
  return new PagedCapacityLedger(options);
}

/**
 * Leases on pages. A lease tries up to three pages; the write itself decides. One whose answer is lost is asked again
 * under the same id, on the same page: there it is found, or comes, once.
 *
 * While the store is away a process lends what it still holds there, until that expires.
 */
class PagedCapacityLedger implements CapacityLedger {
  readonly #options: PagedCapacityLedgerOptions;
  readonly #contact: StoreContact;
  readonly #pages: PageMemory;
  readonly #held = new Map<string, HeldLease>();
  readonly #asking = new Map<string, Promise<LeaseAnswer>>();
  readonly #owed = new OwedLeases();
  /** By target: the page that this process has left last. A slot is free there, unless somebody was faster. */
  readonly #leftPages = new Map<string, number>();
  #givingBack = false;

  constructor(options: PagedCapacityLedgerOptions) {
    this.#options = options;
    this.#contact = new StoreContact(options);
    this.#pages = new PageMemory(options.clock, options.random);
  }

  acquire(demand: LeaseDemand): LeaseAnswer | Promise<LeaseAnswer> {
    const { limit, leaseId, kvTokens, at } = demand;
    if (neverFits(limit, kvTokens)) return tooLarge;
    const asking = this.#asking.get(leaseId);
    if (asking !== undefined) return asking;
    const held = this.#held.get(leaseId);
    if (held !== undefined && held.expiresAt > at) return granted(held);
    if (held !== undefined) this.#drop(leaseId, at);
    const permit = this.#contact.begin();
    if (permit === 'none') return this.#acquireAgain(demand);
    return this.#asked(demand, permit);
  }

  renew(_limit: CapacityLimit, leaseId: string, use: LeaseUse): boolean | Promise<boolean> {
    const { at, grownTo = 0 } = use;
    const held = this.#held.get(leaseId);
    if (held === undefined) return false;
    const grown = grownTo > held.grownTo ? { ...held, grownTo } : held;
    if (grown !== held) this.#held.set(leaseId, grown);
    return this.#renewHeld(leaseId, grown, at);
  }

  release(limit: CapacityLimit, leaseId: string, at: InstantMs): void | Promise<void> {
    const asking = this.#asking.get(leaseId);
    if (asking !== undefined) return asking.then(() => this.release(limit, leaseId, at));
    const held = this.#held.get(leaseId);
    this.#held.delete(leaseId);
    if (held === undefined) return;
    const permit = this.#contact.begin();
    if (permit === 'none') return this.#owed.owe(held, { state: 'ours', at });
    return this.#giveBackFirst(held, permit, at);
  }

  #asked(demand: LeaseDemand, permit: Permit): Promise<LeaseAnswer> {
    const { leaseId } = demand;
    const answer = this.#ask(demand, permit).finally(() => this.#asking.delete(leaseId));
    this.#asking.set(leaseId, answer);
    return answer;
  }

  async #ask(demand: LeaseDemand, permit: Permit): Promise<LeaseAnswer> {
    const { clock } = this.#options;
    const { limit, leaseId, kvTokens, slotsReserved, at } = demand;
    const lease = { leaseId: this.#owed.freshId(leaseId), kvTokens, expiresAt: leaseExpiry(at) };
    const startedMs = clock.monotonicMs();
    let refusal = full;
    try {
      const firstPage = this.#leftPages.get(limit.target);
      this.#leftPages.delete(limit.target);
      for (const spot of pagesFor(limit, { leaseId, slotsReserved, firstPage })) {
        if (this.#pages.isKnownFull(spot, lease, at)) continue;
        if (clock.monotonicMs() - startedMs > ASK_MS_MAX) return unknown;
        const tried = await this.#tryPage(spot, { demand, lease, permit });
        if (typeof tried === 'number') {
          const { page, key } = spot;
          const held = { target: limit.target, page, key, storedId: lease.leaseId, kvTokens, slotsReserved };
          this.#held.set(leaseId, { ...held, expiresAt: tried, grownTo: 0 });
          return { granted: true, expiresAt: tried };
        }
        if (tried === 'lost') return this.#acquireAgain(demand);
        if (tried === 'throttled') refusal = unknown;
      }
      return refusal;
    } finally {
      this.#contact.end(permit);
      if (!this.#contact.isAway || this.#contact.isClockWrong) void this.#giveBackOwed();
    }
  }

  /** When the lease expires, where it is on the page now. */
  async #tryPage(spot: PageSpot, asking: Asking): Promise<InstantMs | 'full' | Failed> {
    const { lease, demand } = asking;
    let admission: PageAdmission = { lease, room: spot.room, removed: [] };
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const outcome = await this.#admit(spot, admission, asking);
      if (typeof outcome === 'string') return outcome;
      if (outcome.applied) return lease.expiresAt;
      const { page } = outcome;
      const standing = page.leases.get(lease.leaseId);
      if (standing !== undefined) return standing.expiresAt > demand.at ? standing.expiresAt : 'full';
      admission = { ...admission, removed: overdueOn(page, demand.at).slice(0, REMOVED_MAX) };
      if (hasRoomFor(page, admission)) continue;
      this.#pages.noteFull(spot.key, page);
      return 'full';
    }
    return 'full';
  }

  async #admit(
    { page, key }: PageSpot,
    admission: PageAdmission,
    { demand, lease, permit }: Asking,
  ): Promise<AdmissionOutcome | Failed> {
    const ask = () => this.#contact.call(() => this.#options.store.admit(key, admission));
    const first = await ask();
    if (first !== 'lost') return first;
    // Nobody waits twice for a store that was never heard of, or is known to be away.
    const isInVain = permit === 'probe' || !this.#contact.reachedEver;
    const second = isInVain ? first : await ask();
    if (typeof second !== 'string') return second;
    const { limit, slotsReserved, at } = demand;
    const { leaseId: storedId, expiresAt, kvTokens } = lease;
    const doubtful = { target: limit.target, page, key, storedId, expiresAt, kvTokens, slotsReserved };
    this.#owed.owe(doubtful, { state: 'doubtful', at });
    return 'lost';
  }

  #renewHeld(leaseId: string, held: HeldLease, at: InstantMs): boolean | Promise<boolean> {
    const permit = this.#contact.begin();
    const renewing = { held, permit, at };
    return permit === 'none' ? this.#unrenewed(leaseId, renewing) : this.#renewStored(leaseId, renewing);
  }

  async #renewStored(leaseId: string, { held, permit, at }: Renewing): Promise<boolean> {
    const { key, storedId, kvTokens, grownTo } = held;
    // One that grows must end later than it did, also within one millisecond.
    const expiresAt = grownTo > kvTokens ? Math.max(leaseExpiry(at), held.expiresAt + 1) : leaseExpiry(at);
    const renewal = { expiresAt, kvTokens, grownTo };
    const stands = await this.#contact.call(() => this.#options.store.renew(key, storedId, renewal));
    this.#contact.end(permit);
    const now = this.#held.get(leaseId);
    // Released meanwhile.
    if (now?.storedId !== storedId) return false;
    if (typeof stands === 'string') return this.#unrenewed(leaseId, { held: now, permit, at });
    const grown = Math.max(grownTo, now.kvTokens);
    if (stands)
      this.#held.set(leaseId, { ...now, kvTokens: grown, expiresAt: Math.max(expiresAt, now.expiresAt) });
    else this.#held.delete(leaseId);
    return stands;
  }

  /** It stands as long as it did: time to ask again, for what it has grown to by then. */
  #unrenewed(leaseId: string, { held, at }: Renewing): boolean {
    if (held.expiresAt <= at) return false;
    const { clock } = this.#options;
    this.#contact.later(held.storedId, () => {
      const now = this.#held.get(leaseId);
      if (now?.storedId === held.storedId) void this.#renewHeld(leaseId, now, clock.now());
    });
    return true;
  }

  /** While the store does not decide: what this process certainly holds there. */
  #acquireAgain(demand: LeaseDemand): LeaseAnswer {
    const reused = this.#contact.isClockWrong ? undefined : this.#owed.reuse(demand);
    if (reused === undefined) return unknown;
    this.#held.set(demand.leaseId, { ...reused, grownTo: 0 });
    return granted(reused);
  }

  /** Its holder trusts it no more, and asks anew under the same id. */
  #drop(leaseId: string, at: InstantMs): void {
    const held = this.#held.get(leaseId);
    this.#held.delete(leaseId);
    if (held !== undefined) this.#owed.owe(held, { state: 'ours', at });
  }

  /** A removal of which the answer is lost is asked once more, later. */
  async #giveBackFirst(lease: StoredLease, permit: Permit, at: InstantMs): Promise<void> {
    this.#owed.owe(lease, { state: 'asking', at });
    const done = await this.#remove(lease);
    this.#contact.end(permit);
    if (!done) return this.#owed.asked(lease, false);
    this.#owed.settled(lease);
    this.#leftPages.set(lease.target, lease.page);
    await this.#giveBackOwed();
  }

  /** One after the other, as long as the store answers. */
  async #giveBackOwed(): Promise<void> {
    if (this.#givingBack) return;
    this.#givingBack = true;
    for (let isHeard = true; isHeard; ) {
      const lease = this.#owed.next();
      if (lease === undefined) break;
      isHeard = await this.#remove(lease);
      this.#owed.asked(lease, isHeard);
    }
    this.#givingBack = false;
  }

  async #remove({ key, storedId, kvTokens }: StoredLease): Promise<boolean> {
    const removed = { leaseId: storedId, kvTokens };
    const heard = await this.#contact.call(() => this.#options.store.release(key, removed), true);
    this.#pages.forget(key);
    return typeof heard !== 'string';
  }
}

const granted = ({ expiresAt }: { readonly expiresAt: InstantMs }): LeaseAnswer => ({
  granted: true,
  expiresAt,
});
