/**
 * How a target's limit spreads over pages.
 *
 * **Requests alone**: pages of 16 slots, the last with the rest. A page of 16 leases is 832 bytes with ids of 39
 * characters and stays under the 1,024 bytes that one write unit pays for; it sees some 3 starts a second at 5 s a
 * request, so that no key is hot. What a page holds depends on its number alone: while two processes know different
 * limits, they never let in more than the larger of both.
 *
 * **With KV tokens**: one page is one copy. Split into pages of 16, a copy of 64 slots would lend no request more than a
 * quarter of its memory, and the few long prompts that the limit is there for would never fit. A page of 64 leases is
 * 3.6 kB: four write units and not one, $5 a million requests, for which such a copy works most of a day.
 */
import { invariant } from '../units/invariant.ts';
import { stableHashes } from '../units/stable-hash.ts';
import { type CapacityLimit, copiesFilled, kvTokensOfCopy } from './lease.ts';
import type { PageRoom } from './lease-page.ts';

/** Leases on a page where only requests are limited. */
export const PAGE_SLOTS = 16;
/**
 * Leases on a page that is a whole copy: 14 kB, of which a partition's 1,000 write units a second carry 70 starts and
 * ends. Slots beyond them stay unused; vLLM itself runs no more than 256 sequences at a time unless told to.
 */
export const COPY_SLOTS_MAX = 256;
/** More tries find little more room: with three of twelve, 0.97 of the limit is in use at 1.25 of the load. */
const PAGES_TRIED_MAX = 3;
/**
 * So few pages are tried all: with three of four, a call misses its slot on the fourth as often as not, and 4.8 % of the
 * highest lane are turned away where one pool of 64 turns away 1.5 %; with all four it is 3.9 %.
 */
const PAGES_SEARCHED_WHOLE_MAX = 4;

export interface PageSpot {
  /** Its number in the target. */
  readonly page: number;
  /** Unique among the pages of all targets. */
  readonly key: string;
  readonly room: PageRoom;
}

interface SlotRange {
  readonly page: number;
  /** Index of the page's first slot among all slots of the target. */
  readonly first: number;
  readonly slots: number;
}

/**
 * The pages to try for a lease, best first: chosen by its id, larger pages more often. The same id has the same pages,
 * so that asking again meets what was asked before.
 *
 * @param asked.slotsReserved that must stay free beside the lease's own, over all pages together
 * @param asked.firstPage is tried before the others, where it is known to have room
 */
export function pagesFor(
  limit: CapacityLimit,
  asked: {
    readonly leaseId: string;
    readonly slotsReserved: number;
    readonly firstPage?: number | undefined;
  },
): readonly PageSpot[] {
  const { slots, copies } = limit;
  const { leaseId, slotsReserved, firstPage } = asked;
  invariant(Number.isSafeInteger(slots) && slots >= 1, `${limit.target} has 1 slot or more`);
  invariant(Number.isSafeInteger(copies) && copies >= 1, `${limit.target} has 1 copy or more`);
  const count = pageCount(limit);
  const chosen: number[] = firstPage !== undefined && firstPage < count ? [firstPage] : [];
  const tried = count <= PAGES_SEARCHED_WHOLE_MAX ? count : PAGES_TRIED_MAX;
  for (const hash of stableHashes(leaseId, tried - chosen.length)) {
    let { page } = rangeAround(limit, hash % slots);
    while (chosen.includes(page)) page = (page + 1) % count;
    chosen.push(page);
  }
  return chosen.map((page) => spotOf(limit, page, slotsReserved));
}

/** How many pages a limit has. */
export function pageCount(limit: CapacityLimit): number {
  return limit.kvTokens === undefined ? Math.ceil(limit.slots / PAGE_SLOTS) : copiesFilled(limit);
}

/** One page of a limit, from 0 on. */
export function spotOf(limit: CapacityLimit, page: number, slotsReserved: number): PageSpot {
  const { target, slots } = limit;
  const { first, slots: own } = rangeOf(limit, page);
  // Whole slots, which add up to what is reserved.
  const upTo = (slot: number): number => Math.floor((slotsReserved * slot) / slots);
  const reserved = upTo(first + own) - upTo(first);
  const kvTokens = kvTokensOfCopy(limit);
  if (kvTokens === undefined) {
    return { page, key: `${target}#${page}`, room: { slots: own - reserved, kvTokens: undefined } };
  }
  const kvReserved = Math.ceil((kvTokens * slotsReserved) / slots);
  return {
    page,
    key: `${target}#copy-${page}`,
    room: { slots: Math.min(own, COPY_SLOTS_MAX) - reserved, kvTokens: kvTokens - kvReserved },
  };
}

function rangeAround(limit: CapacityLimit, slot: number): SlotRange {
  if (limit.kvTokens === undefined) return rangeOf(limit, Math.floor(slot / PAGE_SLOTS));
  const { slots, copies } = limit;
  const least = Math.floor(slots / copies);
  // The first copies have one slot more, where the slots do not divide evenly.
  const longer = slots % copies;
  const inLonger = longer * (least + 1);
  const copy =
    slot < inLonger ? Math.floor(slot / (least + 1)) : longer + Math.floor((slot - inLonger) / least);
  return rangeOf(limit, copy);
}

function rangeOf({ slots, copies, kvTokens }: CapacityLimit, page: number): SlotRange {
  if (kvTokens === undefined) {
    const first = page * PAGE_SLOTS;
    return { page, first, slots: Math.min(PAGE_SLOTS, slots - first) };
  }
  const least = Math.floor(slots / copies);
  const longer = slots % copies;
  return { page, first: page * least + Math.min(page, longer), slots: least + (page < longer ? 1 : 0) };
}
