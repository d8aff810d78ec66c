/** Processes with wrong clocks, and a store that they reach over a network that does what networks do: in virtual time. */
import { houseError } from '#core/errors/catalogue.ts';
import type { HouseError } from '#core/errors/house-error.ts';
import { createSeededRandom, type Random } from '#core/units/random.ts';
import type { Clock } from '#usecases/ports/clock.ts';

const worldStart = Date.UTC(2026, 10, 21, 8);

/** One in so many calls, by what happens to it. */
export interface NetworkFaults {
  /** Refused with `throttled`, not carried out. */
  readonly throttled: number;
  /** Never arrives. */
  readonly lostBefore: number;
  /** Carried out; the answer is lost. */
  readonly lostAfter: number;
  /** Carried out; the answer is an error. */
  readonly brokenAfter: number;
  /** Carried out up to three seconds after its caller gave it up. */
  readonly late: number;
  /** Carried out twice; the second answer is the one that arrives. */
  readonly twice: number;
}

export const noFaults: NetworkFaults = {
  ...{ throttled: 0, lostBefore: 0, lostAfter: 0 },
  ...{ brokenAfter: 0, late: 0, twice: 0 },
};

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class CapacityWorld {
  readonly random: Random;
  faults: NetworkFaults = noFaults;
  /** The store is away for everybody. */
  isDown = false;
  /** Names of processes that do not reach it. */
  readonly cutOff = new Set<string>();
  /** Calls of each process that did not go as they should. */
  readonly mishaps = new Map<string, number>();
  /** Calls of each process. */
  readonly sent = new Map<string, number>();
  #now = worldStart;
  #order = 0;
  readonly #due: Due[] = [];
  readonly #cancelled = new Set<number>();
  readonly #held = new Set<Promise<unknown>>();

  constructor(seed: number | string) {
    this.random = createSeededRandom(seed);
  }

  /** The true time. */
  get now(): number {
    return this.#now;
  }

  below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }

  happens(share: number): boolean {
    return this.random.next() < share;
  }

  after(milliseconds: number, run: () => void): () => void {
    const order = this.#order++;
    push(this.#due, { at: this.#now + Math.max(0, milliseconds), order, run });
    return () => void this.#cancelled.add(order);
  }

  /** @param skewMs how far the process's clock is ahead of the true time */
  clock(skewMs: number): Clock {
    return {
      now: () => Math.floor(this.#now + skewMs),
      monotonicMs: () => this.#now,
      after: (milliseconds, action) => this.after(milliseconds, action),
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const cancel = this.after(milliseconds, resolve);
          const stop = (): void => {
            cancel();
            reject(signal?.reason);
          };
          if (signal?.aborted === true) stop();
          else signal?.addEventListener('abort', stop, { once: true });
        }),
    };
  }

  /** Runs everything that is due until then; promises have settled before time moves on. */
  async run(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await this.#settled();
    for (let next = this.#due[0]; next !== undefined && next.at <= until; next = this.#due[0]) {
      pop(this.#due);
      if (this.#cancelled.delete(next.order)) continue;
      this.#now = next.at;
      next.run();
      await this.#settled();
    }
    this.#now = until;
  }

  /** Time stands still until the work is done: it goes on outside of this world, over real sockets. */
  hold(work: Promise<unknown>): void {
    const done = work.then(nothing, nothing).then(() => void this.#held.delete(done));
    this.#held.add(done);
  }

  /** When every promise that could move has moved. */
  async #settled(): Promise<void> {
    await turn();
    while (this.#held.size > 0) {
      await Promise.all(this.#held);
      await turn();
    }
  }

  /** Brings a call of a process to the store, where `carryOut` decides in one go. */
  send<Answer>(process: string, carryOut: () => Answer | Promise<Answer>): Promise<Answer> {
    this.sent.set(process, (this.sent.get(process) ?? 0) + 1);
    return new Promise((resolve, reject) => {
      const fail = (code: 'throttled' | 'upstream_unavailable' | 'timed_out', afterMs: number): void => {
        this.mishaps.set(process, (this.mishaps.get(process) ?? 0) + 1);
        this.after(afterMs, () => reject(failure(code)));
      };
      const travelMs = 1 + this.random.next() * 8;
      if (this.isDown || this.cutOff.has(process)) {
        // Some outages refuse, others are silent.
        if (this.happens(0.5)) fail('upstream_unavailable', travelMs);
        else fail('timed_out', 1_000);
        return;
      }
      const fate = this.#fate();
      if (fate === 'throttled') return fail('throttled', 2 * travelMs);
      if (fate === 'lostBefore') return fail('timed_out', 1_000);
      if (fate === 'late') {
        fail('timed_out', 1_000);
        this.after(100 + this.random.next() * 3_000, () => this.hold(Promise.resolve(carryOut())));
        return;
      }
      if (fate === 'lostAfter') fail('timed_out', 1_000);
      if (fate === 'brokenAfter') fail('upstream_unavailable', 2 * travelMs);
      const goBack = (answer: Answer): void => {
        if (fate !== 'lostAfter' && fate !== 'brokenAfter') this.after(travelMs, () => resolve(answer));
      };
      this.after(travelMs, () => {
        const first = carryOut();
        if (first instanceof Promise)
          this.hold((fate === 'twice' ? first.then(carryOut) : first).then(goBack, reject));
        else goBack(fate === 'twice' ? (carryOut() as Answer) : first);
      });
    });
  }

  #fate(): keyof NetworkFaults | undefined {
    let drawn = this.random.next();
    for (const fault of Object.keys(this.faults) as (keyof NetworkFaults)[]) {
      drawn -= this.faults[fault];
      if (drawn < 0) return fault;
    }
    return undefined;
  }
}

const failure = (code: 'throttled' | 'upstream_unavailable' | 'timed_out'): HouseError =>
  houseError(code, { message: `the store: ${code}`, facts: {} });

const nothing = (): void => undefined;

/** After it every promise that needs nobody else has moved. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const isBefore = (left: Due, right: Due): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

function push(heap: Due[], due: Due): void {
  let index = heap.push(due) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, due)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (left === undefined) break;
    if (right !== undefined && isBefore(right, left)) child += 1;
    const least = heap[child];
    if (least === undefined || isBefore(last, least)) break;
    heap[index] = least;
    index = child;
  }
  heap[index] = last;
}
