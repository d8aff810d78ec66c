import { LEASE_OVERDUE_MS, neverFits } from '#core/capacity/lease.ts';
import {
  type Amount,
  type BlockBook,
  type ClaimedBlock,
  claimBlock,
  emptyBook,
} from '#core/capacity/slot-block.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { BlockStore, BookOutcome } from '../ports/block-store.ts';
import type {
  CapacityLedger,
  CapacityLimit,
  Lacking,
  LeaseAnswer,
  LeaseDemand,
  LeaseUse,
} from '../ports/capacity-ledger.ts';
import { HeldBlock } from './held-block.ts';
import { type Failed, type Permit, StoreContact, type StoreContactOptions } from './store-contact.ts';

export interface BlockCapacityLedgerOptions extends StoreContactOptions {
  readonly store: BlockStore;
  /** Of this process, unique among those of the gateway region, also those before it. */
  readonly holder: string;
}

/** A process that was refused more asks again after this. */
const ASK_AGAIN_MS = 400;
/** Each refusal shows how the book stands: more than these fail only while many others write at once. */
const TRIES_MAX = 4;

const full: LeaseAnswer = { granted: false, reason: 'full' };
const unknown: LeaseAnswer = { granted: false, reason: 'unknown' };
const tooLarge: LeaseAnswer = { granted: false, reason: 'never-fits' };

export function createBlockCapacityLedger(options: BlockCapacityLedgerOptions): CapacityLedger {
  return new BlockCapacityLedger(options);
}

/** `heard`: the store decided. */
type Refreshed = 'heard' | 'unheard';

interface Known {
  readonly held: HeldBlock;
  /** Demands that wait for the store, by lease. */
  readonly asking: Map<string, Promise<LeaseAnswer>>;
  book: BlockBook;
  refreshing: Promise<Refreshed> | undefined;
  askAgainMs: number;
  /** The last time that anybody came with: two clocks within what is allowed are never further apart than a lease is overdue. */
  latestAt: InstantMs;
}

/**
 * Leases out of a block of slots, at once and without a call; the store is asked when the block is to be moved on, every
 * few seconds of work, and when it is used up. Nothing runs in the background: a process without calls lets its block lapse.
 *
 * Without the store a block is good until it expires.
 */
class BlockCapacityLedger implements CapacityLedger {
  readonly #options: BlockCapacityLedgerOptions;
  readonly #contact: StoreContact;
  /** By target: as many as the routes have. */
  readonly #known = new Map<string, Known>();
  #sequence = 0;
  /** Told once. */
  #unreadable = false;

  constructor(options: BlockCapacityLedgerOptions) {
    this.#options = options;
    this.#contact = new StoreContact(options);
  }

  acquire(demand: LeaseDemand): LeaseAnswer | Promise<LeaseAnswer> {
    const { limit, leaseId, kvTokens, slotsReserved, at } = demand;
    if (neverFits(limit, kvTokens)) return tooLarge;
    if (limit.slots <= slotsReserved) return full;
    const known = this.#knownAt(limit.target, at);
    const { held } = known;
    const asking = known.asking.get(leaseId);
    if (asking !== undefined) return asking;
    held.dropExpired(at);
    const standing = held.leases.get(leaseId);
    if (standing !== undefined) return granted(standing.expiresAt);
    const expiresAt = this.#take(known, demand);
    if (expiresAt === undefined) return this.#asked(known, demand);
    if (held.isDue(at)) void this.#refresh(known, limit, at);
    return granted(Math.min(expiresAt, held.expiresAt));
  }

  /** By the block, and by what the store would make it by the book that was heard last. */
  foresee(demand: LeaseDemand): Lacking | undefined {
    const { limit, slotsReserved, at } = demand;
    if (limit.slots <= slotsReserved) return 'slots';
    const known = this.#known.get(limit.target);
    if (known === undefined || this.#contact.isClockWrong) return undefined;
    const { held } = known;
    held.dropExpired(at);
    const lacking = held.lacks(demand, held.held(at));
    if (lacking === undefined || this.#contact.isAway) return lacking;
    return held.lacks(demand, this.#claimed(known, { limit, at, wants: held.wantsFor(demand) }).block);
  }

  renew(limit: CapacityLimit, leaseId: string, use: LeaseUse): boolean | Promise<boolean> {
    const { at, grownTo = 0 } = use;
    const known = this.#knownAt(limit.target, at);
    const { held } = known;
    if (!held.renew(leaseId, at, grownTo)) return false;
    if (held.outlastsRenewal(at)) {
      if (held.isDue(at) || held.isOutgrown(at)) void this.#refresh(known, limit, at);
      return true;
    }
    return this.#refresh(known, limit, at).then((heard) => {
      if (heard === 'unheard') this.#refreshLater(known, limit);
      return this.#stands(known, leaseId, at);
    });
  }

  release(limit: CapacityLimit, leaseId: string, at: InstantMs): void | Promise<void> {
    const known = this.#knownOf(limit.target);
    const { held } = known;
    const asking = known.asking.get(leaseId);
    if (asking !== undefined) return asking.then(() => this.release(limit, leaseId, at));
    const isOurs = held.leases.delete(leaseId);
    if (isOurs && held.isDue(at)) void this.#refresh(known, limit, at);
  }

  #asked(known: Known, demand: LeaseDemand): Promise<LeaseAnswer> {
    const { leaseId } = demand;
    const answer = this.#ask(known, demand).finally(() => known.asking.delete(leaseId));
    known.asking.set(leaseId, answer);
    return answer;
  }

  /** The block has no room for the demand. */
  async #ask(known: Known, demand: LeaseDemand): Promise<LeaseAnswer> {
    const { clock } = this.#options;
    const joined = known.refreshing;
    const mayAsk = joined !== undefined || clock.monotonicMs() >= known.askAgainMs;
    if (!mayAsk) return this.#contact.isAway ? unknown : full;
    let heard = await (joined ?? this.#refresh(known, demand.limit, demand.at));
    let expiresAt = this.#takeAgain(known, demand);
    // Whom somebody else's question did not help: it was asked before this one was known.
    if (expiresAt === undefined && joined !== undefined && heard === 'heard') {
      heard = await this.#refresh(known, demand.limit, demand.at);
      expiresAt = this.#takeAgain(known, demand);
    }
    if (expiresAt !== undefined) return granted(Math.min(expiresAt, known.held.expiresAt));
    if (heard === 'unheard') return unknown;
    known.askAgainMs = clock.monotonicMs() + ASK_AGAIN_MS;
    return full;
  }

  #takeAgain(known: Known, demand: LeaseDemand): InstantMs | undefined {
    return known.held.leases.get(demand.leaseId)?.expiresAt ?? this.#take(known, demand);
  }

  /** After the store was asked: with the block, or as it did before. */
  #stands({ held }: Known, leaseId: string, at: InstantMs): boolean {
    return held.leases.has(leaseId) && held.expiresAt > at;
  }

  /** Calls are under way that no other will ask for in time. */
  #refreshLater(known: Known, limit: CapacityLimit): void {
    const { clock } = this.#options;
    this.#contact.later(limit.target, () => {
      const { held } = known;
      const at = clock.now();
      if (held.leases.size === 0 || held.expiresAt <= at || held.outlastsRenewal(at)) return;
      void this.#refresh(known, limit, at).then((heard) => {
        if (heard === 'unheard') this.#refreshLater(known, limit);
      });
    });
  }

  #refresh(known: Known, limit: CapacityLimit, at: InstantMs): Promise<Refreshed> {
    if (known.refreshing !== undefined) return known.refreshing;
    const permit = this.#contact.begin();
    if (permit === 'none') return unheard;
    const refreshing = this.#claim(known, { limit, at, permit }).finally(() => {
      known.refreshing = undefined;
    });
    known.refreshing = refreshing;
    return refreshing;
  }

  async #claim(
    known: Known,
    { limit, at, permit }: { readonly limit: CapacityLimit; readonly at: InstantMs; readonly permit: Permit },
  ): Promise<Refreshed> {
    const { held } = known;
    try {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const claimed = this.#claimed(known, { limit, at });
        held.shrinkTo(claimed.block);
        const outcome = await this.#write(limit.target, known.book, claimed);
        if (typeof outcome === 'string') return 'unheard';
        known.book = outcome.book;
        const { sequence, wants } = claimed.block;
        const standing = known.book.blocks.get(this.#options.holder);
        if (standing?.sequence !== sequence) continue;
        held.granted(standing, at);
        const isShort = standing.slots < wants.slots || standing.kvTokens < wants.kvTokens;
        // It was reckoned by an old book: the one that was heard now may have more.
        if (claimed.grows || !isShort || !this.#claimed(known, { limit, at }).grows) return 'heard';
      }
      return 'unheard';
    } finally {
      this.#contact.end(permit);
    }
  }

  #write(
    target: string,
    book: BlockBook,
    claimed: ClaimedBlock,
  ): Promise<BookOutcome | Failed | 'unreadable'> {
    const { store, holder } = this.#options;
    const write = (): Promise<BookOutcome> =>
      claimed.grows ? store.grow(target, book, claimed) : store.keep(target, holder, claimed.block);
    return this.#contact.call(() => write().catch(this.#unread));
  }

  /** The store is there: it is the book of this target, and no other's, that says nothing. */
  readonly #unread = (error: unknown): 'unreadable' => {
    if (!isHouseError(error) || error.code !== 'answer_malformed') throw error;
    if (!this.#unreadable) this.#options.log.write('error', 'capacity-unreadable', { error: error.code });
    this.#unreadable = true;
    return 'unreadable';
  };

  #claimed(
    { held, book }: Known,
    {
      limit,
      at,
      wants = held.wants({ slots: limit.slots, kvTokens: limit.kvTokens ?? 0 }),
    }: { readonly limit: CapacityLimit; readonly at: InstantMs; readonly wants?: Amount },
  ): ClaimedBlock {
    this.#sequence += 1;
    return claimBlock(book, {
      holder: this.#options.holder,
      limit,
      held: held.held(at),
      inUse: held.inUse(),
      wants,
      sequence: this.#sequence,
      at,
    });
  }

  #knownAt(target: string, at: InstantMs): Known {
    const known = this.#knownOf(target);
    const setBackMs = known.latestAt - at;
    if (setBackMs > LEASE_OVERDUE_MS) known.held.setBack(setBackMs);
    known.latestAt = setBackMs > LEASE_OVERDUE_MS ? at : Math.max(at, known.latestAt);
    return known;
  }

  /** Not while the time says nothing of how long the block stands. */
  #take({ held }: Known, demand: LeaseDemand): InstantMs | undefined {
    return this.#contact.isClockWrong ? undefined : held.take(demand);
  }

  #knownOf(target: string): Known {
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    const made: Known = {
      held: new HeldBlock(),
      asking: new Map(),
      book: emptyBook,
      refreshing: undefined,
      askAgainMs: 0,
      latestAt: 0,
    };
    this.#known.set(target, made);
    return made;
  }
}

const unheard: Promise<Refreshed> = Promise.resolve('unheard');

const granted = (expiresAt: InstantMs): LeaseAnswer => ({ granted: true, expiresAt });
