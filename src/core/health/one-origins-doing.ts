import type { InstantMs } from '../units/instant-ms.ts';
import type { Origin } from './target-health.ts';

/** A failure of somebody else beside so many of one origin may be the target's usual share of failures. */
const ALONE_WITH_ONE_OTHER_MIN = 4;
/** Answers to others that are older than this say nothing of a target now. */
const MEANWHILE_MS = 60_000;

/** Who was answered well of late, as far as two origins. */
export interface Answered {
  readonly goodOrigin?: Origin | undefined;
  readonly lastSuccessAt?: InstantMs | undefined;
  readonly otherGoodAt?: InstantMs | undefined;
  readonly at: InstantMs;
}

/**
 * Whether a row of failures is the doing of one origin's requests: nobody else failed (or once beside four of it), and
 * others were answered well in the last minute. A target that is down fails for everybody: the next failure of
 * somebody else, or the second, tells.
 */
export function isOneOriginsDoing(failures: readonly Origin[], answered: Answered): boolean {
  const { most, count } = mostFrequent(failures);
  const others = failures.length - count;
  const alone = others === 0 || (others === 1 && count >= ALONE_WITH_ONE_OTHER_MIN);
  return alone && isAnsweredForOthers(most, answered);
}

/** Whether requests of anybody but this origin were answered well in the last minute. */
export function isAnsweredForOthers(origin: Origin, answered: Answered): boolean {
  const { goodOrigin, lastSuccessAt, otherGoodAt, at } = answered;
  const good = goodOrigin === origin ? otherGoodAt : lastSuccessAt;
  return good !== undefined && at - good <= MEANWHILE_MS;
}

/** The origin with most failures; among equals the first to have so many. */
export function mostFrequent(origins: readonly Origin[]): { readonly most: Origin; readonly count: number } {
  const counts = new Map<Origin, number>();
  let most: Origin = '';
  let count = 0;
  for (const origin of origins) {
    const next = (counts.get(origin) ?? 0) + 1;
    counts.set(origin, next);
    if (next > count) {
      most = origin;
      count = next;
    }
  }
  return { most, count };
}
