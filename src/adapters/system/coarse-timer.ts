/**
 * Deadlines that nearly never pass, thousands a second: one timer of Node's looks after all of them. A timer of its own
 * for each costs a request more than the decision where it goes.
 */

/** How late a deadline may be told. */
const TICK_MS = 25;
/** Of what is shorter that would be much. */
const COARSE_MS_MIN = 500;
/** Nothing that begins while the timer sleeps can be due before it wakes. */
const SLEEP_MS_MAX = COARSE_MS_MIN;

interface Entry {
  readonly dueMs: number;
  readonly action: () => void;
  /** Where it stands among the entries; -1 when it has ended. */
  index: number;
}

class CoarseTimer {
  readonly #entries: Entry[] = [];
  /** While it sleeps. It keeps no process alive for nothing. */
  #timer: NodeJS.Timeout | undefined;

  after(milliseconds: number, action: () => void): () => void {
    const entry = { dueMs: performance.now() + milliseconds, action, index: this.#entries.length };
    this.#entries.push(entry);
    if (this.#timer === undefined) this.#sleep(SLEEP_MS_MAX);
    else if (this.#entries.length === 1) this.#timer.ref();
    return () => this.#remove(entry);
  }

  #sleep(milliseconds: number): void {
    this.#timer = setTimeout(this.#tick, milliseconds);
  }

  readonly #tick = (): void => {
    const nowMs = performance.now();
    try {
      // Whatever one of them ends or begins, the others are told.
      for (const entry of this.#entries.filter(({ dueMs }) => dueMs <= nowMs)) {
        if (entry.index < 0) continue;
        this.#remove(entry);
        entry.action();
      }
    } finally {
      // Not before: what begins meanwhile sets no timer of its own.
      this.#timer = undefined;
      if (this.#entries.length > 0) this.#sleepUntilDue();
    }
  };

  /** A gateway wakes twice a second for deadlines that are far away, not forty times. */
  #sleepUntilDue(): void {
    const firstMs = this.#entries.reduce(
      (first, { dueMs }) => Math.min(first, dueMs),
      Number.POSITIVE_INFINITY,
    );
    this.#sleep(Math.max(TICK_MS, Math.min(SLEEP_MS_MAX, firstMs - performance.now())));
  }

  /** The last one takes its place, so that it costs the same however many there are. */
  #remove(entry: Entry): void {
    const { index } = entry;
    if (index < 0) return;
    entry.index = -1;
    const last = this.#entries.pop();
    if (this.#entries.length === 0) this.#timer?.unref();
    if (last === undefined || last === entry) return;
    this.#entries[index] = last;
    last.index = index;
  }
}

/** Of the whole process. */
const coarseTimer = new CoarseTimer();

/**
 * Calls `action` once after `milliseconds`, unless what it answers is called first. From half a second on it may come up
 * to 25 ms late.
 */
export function callAfter(milliseconds: number, action: () => void): () => void {
  if (milliseconds >= COARSE_MS_MIN) return coarseTimer.after(milliseconds, action);
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
}
