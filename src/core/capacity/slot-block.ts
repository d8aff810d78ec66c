/**
 * Blocks of slots: what many-requests processes take from a target's limit at a time, to admit from it without asking.
 *
 * The protocol is Doorman's, with the book of a store in the place of its server: each process holds a block until a time
 * that it moves on while it works, says how much it wants, and gets what nobody else holds, up to its fair share. Nothing
 * is taken from a holder: one that holds more than its share is told so, and gives back what it does not use when it comes
 * next. A book that has lost a block that somebody still holds **learns**: until every block that it may have lost has
 * lapsed it only confirms what holders say they have. A book that is not there is taken for one that nobody has written
 * yet: a table that is deleted under working gateways lends slots twice until their next refresh, and not longer.
 *
 * Source: Doorman, "Global Distributed Client Side Rate Limiting" (github.com/youtube/doorman, doc/design.md).
 */
import type { InstantMs } from '../units/instant-ms.ts';
import {
  type CapacityLimit,
  isOverdue,
  LEASE_AHEAD_MS_MAX,
  LEASE_MS,
  LEASE_OVERDUE_MS,
  leaseExpiry,
} from './lease.ts';

/** Slots, and tokens of KV cache (0 where only requests are limited). */
export interface Amount {
  readonly slots: number;
  readonly kvTokens: number;
}

export interface SlotBlock extends Amount {
  readonly wants: Amount;
  /** Until then its holder trusts it. */
  readonly expiresAt: InstantMs;
  /** Rises with each write of its holder: one that is carried out late changes nothing, one whose answer is lost is found. */
  readonly sequence: number;
}

/**
 * What all processes know of a target's slots. Only a block that grows moves the version: whoever moves a block on, or
 * gives some of it back, disturbs nobody.
 */
export interface BlockBook {
  /** 0 where there is no book yet. */
  readonly version: number;
  /** 0 where nothing was lost. */
  readonly learningUntil: InstantMs;
  /** By process. */
  readonly blocks: ReadonlyMap<string, SlotBlock>;
}

export const emptyBook: BlockBook = { version: 0, learningUntil: 0, blocks: new Map() };
export const nothing: Amount = { slots: 0, kvTokens: 0 };

/** What a process says of itself when it comes for its block. */
export interface BlockClaim {
  readonly holder: string;
  readonly limit: CapacityLimit;
  /** Of a block that it still trusts. */
  readonly held: Amount;
  /** Of those, what calls have taken. */
  readonly inUse: Amount;
  readonly wants: Amount;
  readonly sequence: number;
  /** By its own clock. */
  readonly at: InstantMs;
}

/** What a claim makes of the book. */
export interface ClaimedBlock {
  readonly holder: string;
  readonly block: SlotBlock;
  /** Blocks of others that have lapsed, as they were seen: one that was moved on meanwhile refuses the claim. */
  readonly lapsed: ReadonlyMap<string, SlotBlock>;
  readonly learningUntil: InstantMs;
  /** It is more than the holder has, or not in the book yet. */
  readonly grows: boolean;
}

/** The block that a process may have now. What all blocks hold together is never more than the limit. */
export function claimBlock(book: BlockBook, claim: BlockClaim): ClaimedBlock {
  const { holder, held, wants, sequence, at } = claim;
  const others = [...book.blocks].filter(([name]) => name !== holder);
  // What is further ahead than any clock was written by nobody who holds it.
  const isStanding = (until: InstantMs): boolean => until <= at + LEASE_MS + LEASE_AHEAD_MS_MAX;
  const lapsed = new Map(
    others.filter(([, { expiresAt }]) => isOverdue(expiresAt, at) || !isStanding(expiresAt)),
  );
  const standing = others.filter(([name]) => !lapsed.has(name)).map(([, block]) => block);
  const isLost = held.slots > 0 && !book.blocks.has(holder);
  const lostUntil = isLost ? at + LEASE_MS + LEASE_OVERDUE_MS : 0;
  const learningUntil = Math.max(isStanding(book.learningUntil) ? book.learningUntil : 0, lostUntil);
  const amountOf = (of: keyof Amount, limit: number): number => {
    const mine = { held: held[of], inUse: claim.inUse[of], wants: wants[of] };
    const theirs = standing.map((block) => ({ has: block[of], wants: block.wants[of] }));
    return at < learningUntil ? kept(mine) : granted(mine, theirs, limit);
  };
  const slots = amountOf('slots', claim.limit.slots);
  const kvTokens = claim.limit.kvTokens === undefined ? 0 : amountOf('kvTokens', claim.limit.kvTokens);
  return {
    holder,
    block: { slots, kvTokens, wants, expiresAt: leaseExpiry(at), sequence },
    lapsed,
    learningUntil,
    grows: slots > held.slots || kvTokens > held.kvTokens || !book.blocks.has(holder),
  };
}

/** The book with a block that has grown; undefined when somebody else's grew meanwhile, or was moved on in time. */
export function grownIn(book: BlockBook, before: BlockBook, claimed: ClaimedBlock): BlockBook | undefined {
  const { holder, block, lapsed, learningUntil } = claimed;
  if (book.version !== before.version || isOlder(block, book.blocks.get(holder))) return undefined;
  const blocks = new Map(book.blocks);
  for (const [name, seen] of lapsed) {
    if (blocks.get(name)?.sequence !== seen.sequence) return undefined;
    blocks.delete(name);
  }
  return { version: book.version + 1, learningUntil, blocks: blocks.set(holder, block) };
}

/** The book with a block moved on, or smaller; undefined when it is not there, or with less. */
export function keptIn(book: BlockBook, holder: string, block: SlotBlock): BlockBook | undefined {
  const standing = book.blocks.get(holder);
  if (standing === undefined || isOlder(block, standing)) return undefined;
  if (standing.slots < block.slots || standing.kvTokens < block.kvTokens) return undefined;
  return { ...book, blocks: new Map(book.blocks).set(holder, block) };
}

const isOlder = (block: SlotBlock, standing: SlotBlock | undefined): boolean =>
  standing !== undefined && block.sequence <= standing.sequence;

interface Mine {
  readonly held: number;
  readonly inUse: number;
  readonly wants: number;
}

interface Theirs {
  readonly has: number;
  readonly wants: number;
}

/** What calls have taken stays; the rest is given back where it is not wanted. */
function kept({ held, inUse, wants }: Mine): number {
  return Math.min(held, Math.max(inUse, wants));
}

function granted(mine: Mine, theirs: readonly Theirs[], limit: number): number {
  const level = fairLevel(limit, [mine.wants, ...theirs.map(({ wants }) => wants)]);
  const free = limit - theirs.reduce((sum, { has }) => sum + has, 0);
  // What the others have no claim to either: a share of 5 among 2 is 2, and one of them has 3.
  const unclaimed =
    limit - theirs.reduce((sum, { has, wants }) => sum + Math.max(has, Math.min(wants, level)), 0);
  const wished = Math.min(mine.wants, Math.max(level, unclaimed));
  return Math.max(0, Math.min(mine.held, mine.inUse), Math.min(wished, free));
}

/** Max-min fairness: the largest whole share of which everybody may have as much as they want. */
export function fairLevel(limit: number, wants: readonly number[]): number {
  let left = limit;
  let sharers = wants.length;
  for (const want of [...wants].sort((one, other) => one - other)) {
    if (want * sharers > left) return Math.floor(left / sharers);
    left -= want;
    sharers -= 1;
  }
  return limit;
}
