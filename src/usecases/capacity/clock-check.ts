import { CLOCK_SKEW_MS_MAX } from '#core/capacity/lease.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';

/** A store shows its time in whole seconds, rounded down. */
const SHOWN_TO_MS = 1_000;

/**
 * Whether this process's clock is as right as leases need it, by what its store shows with each answer. One that is ahead
 * by more would take the slots of others, and keep its own from them when it dies; one behind would use what others have taken.
 *
 * Only what is certain counts: the store showed its time somewhere between the call and its answer, so that a process that
 * was frozen meanwhile, or kept waiting, suspects nobody. A clock that is wrong by up to a second more is not found out.
 */
export class ClockCheck {
  readonly #clock: Clock;
  #wrongByMs = 0;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  get isWrong(): boolean {
    return this.#wrongByMs !== 0;
  }

  /** At least so much: positive where this clock is ahead, 0 where nothing speaks against it. */
  get wrongByMs(): number {
    return this.#wrongByMs;
  }

  /** Before a call. The answer is to be told what the store showed with its own. */
  begin(): (shown: InstantMs) => void {
    const calledAt = this.#clock.now();
    return (shown) => {
      if (!Number.isFinite(shown)) return;
      const aheadMs = calledAt - (shown + SHOWN_TO_MS);
      const behindMs = shown - this.#clock.now();
      if (aheadMs > CLOCK_SKEW_MS_MAX) this.#wrongByMs = aheadMs;
      else if (behindMs > CLOCK_SKEW_MS_MAX) this.#wrongByMs = -behindMs;
      else this.#wrongByMs = 0;
    };
  }
}
