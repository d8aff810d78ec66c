import type { InstantMs } from '../units/instant-ms.ts';
import { tenantPartOf } from './origin.ts';
import type { Origin } from './target-health.ts';

/** A failure of somebody else beside so many of one origin may be the target's usual share of failures. */
const ALONE_WITH_ONE_OTHER_MIN = 4;
/** Answers to others that are older than this say nothing of a target now. */
const MEANWHILE_MS = 60_000;

/** Who was answered well of late, as far as two origins, and two tenants. */
export interface Answered {
  readonly goodOrigin?: Origin | undefined;
  readonly lastSuccessAt?: InstantMs | undefined;
  readonly otherGoodAt?: InstantMs | undefined;
  readonly otherTenantGood?: { readonly at: InstantMs } | undefined;
  readonly at: InstantMs;
}

/** Who is one: an origin, or a tenant with all of its origins. */
interface Party {
  of(origin: Origin): string;
  /** Last good answer to another one than that of `goodOrigin`. */
  otherGoodAt(answered: Answered): InstantMs | undefined;
}

/**
 * Failures may be the doing of either. A tenant makes as many origins as it likes, so several of them are no more than
 * one; and where there is but one tenant, its other origins still tell.
 */
export const PARTIES: readonly Party[] = [
  { of: (origin) => origin, otherGoodAt: ({ otherGoodAt }) => otherGoodAt },
  { of: tenantPartOf, otherGoodAt: ({ otherTenantGood }) => otherTenantGood?.at },
];

/**
 * Whether a row of failures is the doing of one origin's requests, or of one tenant's: nobody else failed (or once beside
 * four of it), and others were answered well in the last minute. A target that is down fails for everybody: the next
 * failure of somebody else, or the second, tells.
 */
export function isOneOriginsDoing(failures: readonly Origin[], answered: Answered): boolean {
  return PARTIES.some((party) => {
    const { most, count } = mostFrequent(failures.map(party.of));
    const others = failures.length - count;
    const alone = others === 0 || (others === 1 && count >= ALONE_WITH_ONE_OTHER_MIN);
    return alone && isAnsweredForOthers(most, answered, party);
  });
}

/** Whether requests of anybody but this one were answered well in the last minute. */
export function isAnsweredForOthers(one: string, answered: Answered, party: Party): boolean {
  const { goodOrigin, lastSuccessAt, at } = answered;
  const isOwn = goodOrigin !== undefined && party.of(goodOrigin) === one;
  const good = isOwn ? party.otherGoodAt(answered) : lastSuccessAt;
  return good !== undefined && at - good <= MEANWHILE_MS;
}

/** Who failed most; among equals the first to have so many. */
export function mostFrequent(failed: readonly string[]): { readonly most: string; readonly count: number } {
  const counts = new Map<string, number>();
  let most = '';
  let count = 0;
  for (const each of failed) {
    const next = (counts.get(each) ?? 0) + 1;
    counts.set(each, next);
    if (next > count) {
      most = each;
      count = next;
    }
  }
  return { most, count };
}
