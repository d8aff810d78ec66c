import { hasRoomFor, type LeasePage, overdueOn, type PageAdmission } from '#core/capacity/lease-page.ts';
import type { PageSpot } from '#core/capacity/lease-page-layout.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';

/** At 3 starts a second and page, a slot of a page comes back about every 300 ms. */
const BELIEVED_MS_MIN = 50;
/** By chance up to this, so that processes do not come back together. */
const BELIEVED_MS_MAX = 100;

interface Seen {
  readonly page: LeasePage;
  readonly untilMs: number;
}

/** Pages that had no room a moment ago: asking them again at once would be a write for nothing. */
export class PageMemory {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  noteFull(key: string, page: LeasePage): void {
    const forMs = BELIEVED_MS_MIN + this.#random.next() * (BELIEVED_MS_MAX - BELIEVED_MS_MIN);
    this.#seen.set(key, { page, untilMs: this.#clock.monotonicMs() + forMs });
  }

  /** Something of ours has left it. */
  forget(key: string): void {
    this.#seen.delete(key);
  }

  isKnownFull({ key, room }: PageSpot, lease: PageAdmission['lease'], at: number): boolean {
    const seen = this.#seen.get(key);
    if (seen === undefined) return false;
    if (this.#clock.monotonicMs() >= seen.untilMs) {
      this.#seen.delete(key);
      return false;
    }
    return !hasRoomFor(seen.page, { lease, room, removed: overdueOn(seen.page, at) });
  }
}
