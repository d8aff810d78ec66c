/** Calls of two lanes before one full pool of slots, which wait a little or spill, by the rules that ship, in made time. */
import type { Lane } from '#core/capacity/lane.ts';
import { type ByLane, byLane } from '#core/capacity/reservation-loss.ts';
import { ampleRoom, letIn, type Room, returnReserve, spills, turnedAway } from '#core/capacity/room.ts';
import { expectedFreeMs, heldMeanMs } from '#core/capacity/slot-pace.ts';
import { isHopeless, leaveByOf } from '#core/queue/wait-bound.ts';
import {
  comesAfter,
  emptyLine,
  grantTurn,
  joinLine,
  leaveLine,
  lineSettings,
  nextTurn,
  type WaitingLine,
} from '#core/queue/waiting-line.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { percentile } from './tenant-turns.ts';

const CALL_MS = 5000;
const FIRST_CONTENT_MS = 5000;
const RETURN_SHARE_MIN = 1 / 16;
/** Of a process that serves one request at a time. */
const ASKS_AGAIN_MAX = 2;

/** `never`: the next tier at once. `always`: whenever the pool is full. `expected`: where a slot is expected in time. */
export type SpillPolicy = 'never' | 'always' | 'expected';

export interface SpillWorld {
  readonly slots: number;
  readonly offeredErlangs: ByLane<number>;
  /** Slots that each lane leaves free. */
  readonly reserved: ByLane<number>;
  readonly policy: ByLane<SpillPolicy>;
  /** Share of the time to the first content that a call may wait. */
  readonly waitShareMax: ByLane<number>;
  /** Each waits by itself and asks again at two moments by chance: processes that serve one request at a time. @default false */
  readonly alone?: boolean;
  readonly calls: number;
  readonly seed: number;
}

export interface SpillOutcome {
  readonly spilledShares: ByLane<number>;
  readonly usedShare: number;
  /** Of all calls of the lane, those that spill in the end included. */
  readonly waitMs: ByLane<{ readonly mean: number; readonly p95: number }>;
}

/** Runs so many calls through, after a tenth as many for a start. They last 5 s in the mean, by chance. */
export function runSpills(world: SpillWorld): SpillOutcome {
  const pool = new SpillPool(world);
  while (pool.goesOn()) pool.step();
  return pool.outcome();
}

interface Waiting {
  readonly id: number;
  readonly lane: Lane;
  readonly joinedAt: number;
  readonly waiter?: {
    readonly id: number;
    readonly tenant: string;
    readonly work: number;
    readonly leaveBy: number;
  };
  /** When it looks again, first to last; at the last one it leaves. */
  readonly looksAt: readonly number[];
}

class SpillPool {
  readonly #world: SpillWorld;
  readonly #random;
  readonly #asked = { interactive: 0, standard: 0, bulk: 0 };
  readonly #spilled = { interactive: 0, standard: 0, bulk: 0 };
  readonly #waits = byLane(() => [] as number[]);
  readonly #waiting = new Map<number, Waiting>();
  readonly #startedAt: number[] = [];
  #line: WaitingLine = emptyLine(
    lineSettings({ standard: { turnShareMin: 0.1 }, bulk: { turnShareMin: 0.1 } }),
  );
  #room: Room = ampleRoom;
  #meanMs: number | undefined;
  #now = 0;
  #elapsedMs = 0;
  #busyMs = 0;
  #call: number;

  constructor(world: SpillWorld) {
    this.#world = world;
    this.#random = createSeededRandom(world.seed);
    this.#call = -Math.floor(world.calls / 10);
  }

  goesOn(): boolean {
    return this.#call < this.#world.calls;
  }

  /** What lasts by chance has no memory: after each event the next one is drawn anew. */
  step(): void {
    const { interactive, bulk } = this.#world.offeredErlangs;
    const offered = interactive + bulk;
    const rate = offered + this.#startedAt.length;
    const untilMs = (-Math.log(1 - this.#random.next()) * CALL_MS) / rate;
    const looker = this.#nextLooker();
    const looksAt = looker?.looksAt[0] ?? Number.POSITIVE_INFINITY;
    if (looker !== undefined && looksAt < this.#now + untilMs) {
      this.#pass(Math.max(0, looksAt - this.#now));
      this.#look(looker);
      return;
    }
    this.#pass(untilMs);
    if (this.#random.next() * rate < this.#startedAt.length) this.#end();
    else this.#arrive(this.#random.next() * offered < interactive ? 'interactive' : 'bulk');
  }

  outcome(): SpillOutcome {
    return {
      spilledShares: byLane((lane) =>
        this.#asked[lane] === 0 ? 0 : this.#spilled[lane] / this.#asked[lane],
      ),
      usedShare: this.#busyMs / this.#elapsedMs / this.#world.slots,
      waitMs: byLane((lane) => {
        const waits = this.#waits[lane];
        const sum = waits.reduce((total, each) => total + each, 0);
        return { mean: sum / Math.max(1, waits.length), p95: percentile(waits, 0.95) };
      }),
    };
  }

  #pass(ms: number): void {
    if (this.#call >= 0) {
      this.#elapsedMs += ms;
      this.#busyMs += ms * this.#startedAt.length;
    }
    this.#now += ms;
  }

  #nextLooker(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const each of this.#waiting.values())
      if (first === undefined || (each.looksAt[0] ?? 0) < (first.looksAt[0] ?? 0)) first = each;
    return first;
  }

  #arrive(lane: Lane): void {
    this.#call += 1;
    if (this.#call >= 0) this.#asked[lane] += 1;
    const comesNext = this.#world.alone === true || !comesAfter(this.#line, lane);
    if (comesNext && this.#hasRoom(lane, this.#backReserve(lane))) this.#enter(lane, 0);
    else if (!this.#mayWait(lane)) this.#spill(lane, 0);
    else if (this.#world.alone === true) this.#waitAlone(lane);
    else this.#join(lane);
  }

  #backReserve(lane: Lane): number {
    return returnReserve(this.#room, lane, { slots: this.#world.slots, shareMin: RETURN_SHARE_MIN });
  }

  #hasRoom(lane: Lane, more: number): boolean {
    return this.#world.slots - this.#startedAt.length > this.#world.reserved[lane] + more;
  }

  #mayWait(lane: Lane): boolean {
    const { slots, policy, reserved, waitShareMax } = this.#world;
    if (policy[lane] !== 'expected') return policy[lane] === 'always';
    if (spills(this.#room, lane) || this.#meanMs === undefined) return false;
    const wanted = this.#line.waiting + 1 + reserved[lane];
    return expectedFreeMs(this.#meanMs, { slots, wanted }) <= waitShareMax[lane] * FIRST_CONTENT_MS;
  }

  #waitAlone(lane: Lane): void {
    const budgetMs = this.#world.waitShareMax[lane] * FIRST_CONTENT_MS;
    let at = this.#now;
    const looksAt = Array.from({ length: ASKS_AGAIN_MAX }, () => {
      at += (this.#random.next() * budgetMs) / ASKS_AGAIN_MAX;
      return at;
    });
    this.#waiting.set(this.#call, { id: this.#call, lane, joinedAt: this.#now, looksAt });
  }

  #join(lane: Lane): void {
    const budget = {
      firstContentMs: FIRST_CONTENT_MS,
      waitShareMax: this.#world.waitShareMax[lane],
      startBy: Number.POSITIVE_INFINITY,
      elsewhere: true,
    };
    const leaveBy = leaveByOf(this.#line, { lane, tenant: 'one', budget }, this.#now);
    const waiter = { id: this.#call, tenant: 'one', work: 1, leaveBy };
    if (leaveBy <= this.#now || isHopeless(this.#line, { lane, waiter }, this.#now)) {
      this.#spill(lane, 0);
      return;
    }
    this.#line = joinLine(this.#line, { lane, waiter, at: this.#now });
    this.#waiting.set(this.#call, { id: this.#call, lane, joinedAt: this.#now, waiter, looksAt: [leaveBy] });
  }

  /** In a line its time is up; alone it asks, and leaves after the last time. */
  #look({ id, lane, joinedAt, waiter, looksAt }: Waiting): void {
    this.#waiting.delete(id);
    const waitedMs = this.#now - joinedAt;
    if (waiter !== undefined) {
      this.#line = leaveLine(this.#line, lane, waiter);
      this.#spill(lane, waitedMs);
    } else if (this.#hasRoom(lane, 0)) this.#enter(lane, waitedMs);
    else if (looksAt.length === 1) this.#spill(lane, waitedMs);
    else this.#waiting.set(id, { id, lane, joinedAt, looksAt: looksAt.slice(1) });
  }

  #enter(lane: Lane, waitedMs: number): void {
    this.#startedAt.push(this.#now);
    this.#room = letIn(this.#room, lane);
    if (this.#call >= 0) this.#waits[lane].push(waitedMs);
  }

  #spill(lane: Lane, waitedMs: number): void {
    this.#room = turnedAway(this.#room, { lane, at: this.#now, believedMs: 0 });
    if (this.#call < 0) return;
    this.#spilled[lane] += 1;
    this.#waits[lane].push(waitedMs);
  }

  #end(): void {
    const index = Math.floor(this.#random.next() * this.#startedAt.length);
    const began = this.#startedAt[index] ?? this.#now;
    this.#startedAt[index] = this.#startedAt.at(-1) ?? this.#now;
    this.#startedAt.pop();
    this.#meanMs = heldMeanMs(this.#meanMs, this.#now - began);
    for (let turn = nextTurn(this.#line); turn !== undefined; turn = nextTurn(this.#line)) {
      if (!this.#hasRoom(turn.asksAs, 0)) return;
      const joinedAt = this.#waiting.get(turn.waiter.id)?.joinedAt ?? this.#now;
      this.#line = grantTurn(this.#line, turn, this.#now);
      this.#waiting.delete(turn.waiter.id);
      this.#enter(turn.lane, this.#now - joinedAt);
    }
  }
}
