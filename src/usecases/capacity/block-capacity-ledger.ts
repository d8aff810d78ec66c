import { leaseExpiry, neverFits } from '#core/capacity/lease.ts';
import { type BlockBook, type ClaimedBlock, claimBlock, emptyBook } from '#core/capacity/slot-block.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import { bounded } from '../gateway/bounded.ts';
import type { BlockStore, BookOutcome } from '../ports/block-store.ts';
import type { CapacityLedger, CapacityLimit, LeaseAnswer, LeaseDemand } from '../ports/capacity-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { HeldBlock } from './held-block.ts';
import { safeShareOf } from './safe-share.ts';
import { type Permit, StoreContact } from './store-contact.ts';

export interface BlockCapacityLedgerOptions {
  readonly store: BlockStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this process, unique among those of the gateway region, also those before it. */
  readonly holder: string;
  /**
   * Processes of the gateway region that there can be at most: Doorman's safe capacity is the limit divided by them.
   * @default - nobody knows: then nothing is lent without a block
   */
  readonly processesMax?: number | undefined;
}

/** How long one call is waited for: far below what a request may wait. */
const CALL_MS_MAX = 100;
/** Until the store has answered for the first time: the connection may have to be made. */
const FIRST_CALL_MS_MAX = 250;
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
}

/**
 * Leases out of a block of slots, at once and without a call; the store is asked when the block is to be moved on, every
 * few seconds of work, and when it is used up. Nothing runs in the background: a process without calls lets its block lapse.
 *
 * Without the store a block is good until it expires, and when the store has been away for so long that nobody's block
 * is left, each process lends its part of the limit by the most processes that there can be.
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
    this.#contact = new StoreContact(options.clock);
  }

  acquire(demand: LeaseDemand): LeaseAnswer | Promise<LeaseAnswer> {
    const { limit, leaseId, kvTokens, slotsReserved, at } = demand;
    if (neverFits(limit, kvTokens)) return tooLarge;
    if (limit.slots <= slotsReserved) return full;
    const known = this.#knownOf(limit.target);
    const { held } = known;
    const asking = known.asking.get(leaseId);
    if (asking !== undefined) return asking;
    held.dropExpired(at);
    const standing = held.leases.get(leaseId);
    if (standing !== undefined) return granted(standing.expiresAt);
    const expiresAt = held.take(demand);
    if (expiresAt === undefined) return this.#asked(known, demand);
    if (held.isDue(at)) void this.#refresh(known, limit, at);
    return granted(Math.min(expiresAt, held.expiresAt));
  }

  renew(limit: CapacityLimit, leaseId: string, at: InstantMs): boolean | Promise<boolean> {
    const known = this.#knownOf(limit.target);
    const { held } = known;
    const lease = held.leases.get(leaseId);
    if (lease === undefined) return false;
    held.leases.delete(leaseId);
    held.leases.set(leaseId, { ...lease, expiresAt: leaseExpiry(at) });
    if (held.outlastsRenewal(at)) {
      if (held.isDue(at)) void this.#refresh(known, limit, at);
      return true;
    }
    return this.#refresh(known, limit, at).then(() => this.#stands(known, leaseId, at));
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
    if (!mayAsk) return this.#contact.isAway ? this.#lendSafely(known, demand) : full;
    let heard = await (joined ?? this.#refresh(known, demand.limit, demand.at));
    let expiresAt = this.#takeAgain(known, demand);
    // Whom somebody else's question did not help: it was asked before this one was known.
    if (expiresAt === undefined && joined !== undefined && heard === 'heard') {
      heard = await this.#refresh(known, demand.limit, demand.at);
      expiresAt = this.#takeAgain(known, demand);
    }
    if (expiresAt !== undefined) return granted(Math.min(expiresAt, known.held.expiresAt));
    if (heard === 'unheard') return this.#lendSafely(known, demand);
    known.askAgainMs = clock.monotonicMs() + ASK_AGAIN_MS;
    return full;
  }

  #takeAgain({ held }: Known, demand: LeaseDemand): InstantMs | undefined {
    return held.leases.get(demand.leaseId)?.expiresAt ?? held.take(demand);
  }

  #lendSafely({ held }: Known, demand: LeaseDemand): LeaseAnswer {
    const { processesMax } = this.#options;
    if (processesMax === undefined || !this.#contact.isAwayForLong) return unknown;
    if (!safeShareOf(demand, processesMax).hasRoom([...held.leases.values()])) return unknown;
    return granted(held.lend(demand));
  }

  /** After the store was asked: with the block, or as it did before. */
  #stands({ held }: Known, leaseId: string, at: InstantMs): boolean {
    if (!held.leases.has(leaseId)) return false;
    return this.#contact.isAwayForLong || held.expiresAt > at;
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
        const claimed = this.#claimed(known, limit, at);
        held.shrinkTo(claimed.block);
        const outcome = await this.#write(limit.target, known.book, claimed);
        if (outcome === undefined) return 'unheard';
        known.book = outcome.book;
        const { sequence, wants } = claimed.block;
        const standing = known.book.blocks.get(this.#options.holder);
        if (standing?.sequence !== sequence) continue;
        held.granted(standing, at);
        const isShort = standing.slots < wants.slots || standing.kvTokens < wants.kvTokens;
        // It was reckoned by an old book: the one that was heard now may have more.
        if (claimed.grows || !isShort || !this.#claimed(known, limit, at).grows) return 'heard';
      }
      return 'unheard';
    } finally {
      this.#contact.end(permit);
    }
  }

  #write(target: string, book: BlockBook, claimed: ClaimedBlock): Promise<BookOutcome | undefined> {
    const { store, holder } = this.#options;
    return this.#call(() =>
      claimed.grows ? store.grow(target, book, claimed) : store.keep(target, holder, claimed.block),
    );
  }

  #claimed({ held, book }: Known, limit: CapacityLimit, at: InstantMs): ClaimedBlock {
    this.#sequence += 1;
    return claimBlock(book, {
      holder: this.#options.holder,
      limit,
      held: held.held(at),
      inUse: held.inUse(),
      wants: held.wants({ slots: limit.slots, kvTokens: limit.kvTokens ?? 0 }),
      sequence: this.#sequence,
      at,
    });
  }

  /** Undefined when the store did not decide. */
  async #call(run: () => Promise<BookOutcome>): Promise<BookOutcome | undefined> {
    const { clock, log } = this.#options;
    const forMs = this.#contact.reachedEver ? CALL_MS_MAX : FIRST_CALL_MS_MAX;
    try {
      const outcome = await bounded(clock, forMs, run());
      if (this.#contact.isAway) log.write('info', 'capacity-restored');
      this.#contact.reached();
      return outcome;
    } catch (error) {
      const why = isHouseError(error) ? error.code : 'timed_out';
      if (why === 'throttled') {
        this.#contact.throttled();
        return undefined;
      }
      if (why === 'answer_malformed') {
        // The book of this target, and no other's.
        if (!this.#unreadable) log.write('error', 'capacity-unreadable', { error: why });
        this.#unreadable = true;
        return undefined;
      }
      if (!this.#contact.isAway) log.write('warn', 'capacity-degraded', { error: why });
      this.#contact.lost();
      return undefined;
    }
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
    };
    this.#known.set(target, made);
    return made;
  }
}

const unheard: Promise<Refreshed> = Promise.resolve('unheard');

const granted = (expiresAt: InstantMs): LeaseAnswer => ({ granted: true, expiresAt });
