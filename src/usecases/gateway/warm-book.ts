import type { Target } from '#core/target.ts';
import { AWAKE_BELIEVED_MS, believedUntil, type WarmWord } from '#core/warmth/warm-word.ts';
import { putBounded } from './put-bounded.ts';

/** A scaled-to-zero target needs minutes; asked again this often, each time by a real request, it also keeps waking. */
const COLD_REST_MS = 10_000;

/** Which targets rest for want of a copy, and which have woken before discovery saw it: met here, or told by others. */
export interface WarmBook {
  /** Until when a target that discovery found without a copy is known to have one, by its id. */
  readonly awake: ReadonlyMap<string, number>;
  /** Whether it rests for want of a copy, and for nothing that lasts longer. */
  isAsleep(target: Pick<Target, 'quotaPool'>, at: number): boolean;
  /** @param restMs as the target wishes */
  wentCold(target: Target, at: number, restMs?: number): void;
  /** It has answered although discovery found no copy in service. */
  woke(target: Target, at: number): void;
  /** @param lastSuccessAt when the target last answered this process. @default - never */
  heard(word: WarmWord, lastSuccessAt?: number): void;
}

/** @param resting until when pools rest, for this and other reasons: the book's to change */
export function createWarmBook(resting: Map<string, number>): WarmBook {
  const awake = new Map<string, number>();
  /** Until when pools rest for want of a copy. */
  const cold = new Map<string, number>();
  const rest = ({ target, pool, until }: { target: string; pool: string; until: number }): void => {
    awake.delete(target);
    putBounded(cold, pool, until);
    putBounded(resting, pool, Math.max(resting.get(pool) ?? 0, until));
  };
  return {
    awake,
    isAsleep: ({ quotaPool }, at) => {
      const until = cold.get(quotaPool) ?? 0;
      return until > at && until === resting.get(quotaPool);
    },
    wentCold: ({ id, quotaPool }, at, restMs = COLD_REST_MS) =>
      rest({ target: id, pool: quotaPool, until: at + restMs }),
    woke: ({ id }, at) => putBounded(awake, id, at + AWAKE_BELIEVED_MS),
    heard: (word, lastSuccessAt = 0) => {
      const { target, pool, kind, at } = word;
      const until = believedUntil(word);
      if (kind === 'cold') {
        // Whoever was answered since knows better.
        if (lastSuccessAt <= at) rest({ target, pool, until });
        return;
      }
      putBounded(awake, target, until);
      // A quota that is used up rests on, whoever has woken.
      if (resting.get(pool) === cold.get(pool)) resting.delete(pool);
      cold.delete(pool);
    },
  };
}
