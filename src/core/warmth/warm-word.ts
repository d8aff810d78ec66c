/**
 * core/warmth: what the processes of a region tell each other of copies that discovery has not seen yet: that a sleeping
 * target has answered, or that one which was thought awake said that it has no capacity.
 *
 * Invariant: a word changes whether a target is asked, never whether it may be. The folder owns no state.
 */
import type { InstantMs } from '../units/instant-ms.ts';

export interface WarmWord {
  /** Its id. */
  readonly target: string;
  /** The pool that rests while it is cold. */
  readonly pool: string;
  readonly kind: 'awake' | 'cold';
  /** When it was seen, by the clock of whoever saw it. */
  readonly at: InstantMs;
}

/** Discovery and plan find a copy in service within two minutes. */
export const AWAKE_BELIEVED_MS = 120_000;
/**
 * As long as a wake window: whoever met the cold target asks it again every ten seconds, and tells it anew. The others
 * take over when that process is gone.
 */
export const COLD_BELIEVED_MS = 30_000;
/** No clock of ours is further ahead than this. */
const SKEW_MS_MAX = 5_000;

/** Until when the word holds. */
export function believedUntil({ kind, at }: WarmWord): InstantMs {
  return at + (kind === 'awake' ? AWAKE_BELIEVED_MS : COLD_BELIEVED_MS);
}

export function isBelieved(word: WarmWord, now: InstantMs): boolean {
  return word.at <= now + SKEW_MS_MAX && now < believedUntil(word);
}
