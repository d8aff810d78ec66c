/** What is to happen, in order of its time and, at one time, in the order in which it was planned. */

/** What happens. Answers false where it has settled no promise, and called nothing that does. */
export type Action = () => unknown;

/** Something that will happen, unless it is cancelled before. */
export interface PlannedEvent {
  readonly dueMs: number;
  /** Counts up over all that was ever planned: what was planned first happens first. */
  readonly order: number;
  /** Undefined once it is cancelled. */
  action: Action | undefined;
}

/** Below this nobody looks whether most of what is kept is cancelled. */
const SWEPT_FROM = 4_096;

/**
 * A binary heap. What is cancelled stays until its time has come, or until it is more than half of all: most deadlines are
 * cancelled long before they are due, and taking each out at once would cost more than forgetting it.
 */
export class EventQueue {
  #heap: PlannedEvent[] = [];
  #planned = 0;
  #cancelled = 0;

  /** Events that are planned and not cancelled. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  plan(dueMs: number, action: Action): PlannedEvent {
    const event: PlannedEvent = { dueMs, order: this.#planned, action };
    this.#planned += 1;
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  /** Nothing happens where it has happened, or was cancelled. */
  cancel(event: PlannedEvent): void {
    if (event.action === undefined) return;
    event.action = undefined;
    this.#cancelled += 1;
    if (this.#heap.length >= SWEPT_FROM && this.#cancelled * 2 > this.#heap.length) this.#sweep();
  }

  /** The next one's time; undefined where nothing is planned. */
  nextMs(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.dueMs;
  }

  /** Takes the next one out. Its action is the caller's to call. */
  take(): Action | undefined {
    this.#dropCancelled();
    const event = this.#heap[0];
    if (event?.action === undefined) return undefined;
    this.#removeFirst();
    const { action } = event;
    event.action = undefined;
    return action;
  }

  #dropCancelled(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].action === undefined) {
      this.#removeFirst();
      this.#cancelled -= 1;
    }
  }

  #sweep(): void {
    this.#heap = this.#heap.filter(({ action }) => action !== undefined);
    this.#cancelled = 0;
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index -= 1) this.#sink(index);
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const event = heap[from];
    if (event === undefined) return;
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const other = heap[above];
      if (other === undefined || isBefore(other, event)) break;
      heap[index] = other;
      index = above;
    }
    heap[index] = event;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const event = heap[from];
    if (event === undefined) return;
    let index = from;
    for (;;) {
      const left = heap[2 * index + 1];
      if (left === undefined) break;
      const right = heap[2 * index + 2];
      const isRight = right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (isBefore(event, below)) break;
      heap[index] = below;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = event;
  }
}

function isBefore(one: PlannedEvent, other: PlannedEvent): boolean {
  return one.dueMs === other.dueMs ? one.order < other.order : one.dueMs < other.dueMs;
}
