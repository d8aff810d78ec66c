/**
 * One random run of processes that share a target's slots, and its judge.
 *
 * A slot counts from the moment a process hears that it has it, in true time, until the process gives it up or its own
 * clock says that the lease has expired.
 */
import { LEASE_AHEAD_MS_MAX, LEASE_MS, LEASE_RENEWED_MS, LEASE_TRUSTED_MS } from '#core/capacity/lease.ts';
import { createSeededRandom, type Random } from '#core/units/random.ts';
import { divided, type SafeShare } from '#usecases/capacity/safe-share.ts';
import {
  type CapacityLedger,
  type CapacityLimit,
  CLOCK_SKEW_MS_MAX,
} from '#usecases/ports/capacity-ledger.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import { CapacityWorld, type NetworkFaults, noFaults } from './capacity-world.ts';

/** What an adapter makes of a world: ledgers of processes over one store. */
export interface CapacityRig {
  open(process: RigProcess): CapacityLedger;
}

interface RigProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ScheduleOptions {
  readonly seed: number | string;
  readonly rig: (world: CapacityWorld) => CapacityRig;
  /** Adapters that reach their store by calls: these may fail. */
  readonly hasNetwork: boolean;
  /** A calm run is short, and ends with every slot free at once. A rough one has crashes and outages. */
  readonly mood: 'calm' | 'rough';
  /** No process has more than one call under way, none crashes, and only requests are limited. */
  readonly oneAtATime?: boolean;
  /** Every process asks all the time, and the store is away for some of it. */
  readonly asksSteadily?: boolean;
  /** The first process's clock is wrong by so much, instead of by two seconds at most. */
  readonly wrongByMs?: number;
  /** What the rig sets aside for processes without their store. @default - nothing */
  readonly safe?: SafeShare;
  /** How long a renewed lease stands at least. @default what leases on pages are trusted */
  readonly renewedMs?: number | undefined;
  readonly processCount?: number | undefined;
  /** Told of each answer that a process hears, in order. */
  readonly hear?: (answer: string) => void;
}

export interface ScheduleVerdict {
  /** In words; empty where every promise was kept. */
  readonly complaints: readonly string[];
  readonly granted: number;
  readonly full: number;
  readonly unknown: number;
  /** Granted while the store was away for their process. */
  readonly grantedWithoutStore: number;
  readonly crashes: number;
}

/** Within this every slot is back. */
const SLOT_BACK_MS = LEASE_MS + CLOCK_SKEW_MS_MAX;
const CALM_MS = 11_000;
const ROUGH_MS = 130_000;
/** Calm slots are free when what is under way has been heard of; nothing lapses in so short a time. */
const CALM_FREE_MS = 8_000;
/** Enough to find the last free slot of three pages, of which each try knows three. */
const TRIES_MIN = 120;

export async function runSchedule(options: ScheduleOptions): Promise<ScheduleVerdict> {
  const schedule = new Schedule(options);
  return schedule.run();
}

interface SimProcess {
  readonly name: string;
  readonly skewMs: number;
  readonly clock: Clock;
  readonly ledger: CapacityLedger;
  crashed: boolean;
  /** The call that it has under way. */
  busyWith: string | undefined;
}

interface Usage {
  readonly kvTokens: number;
  readonly process: SimProcess;
  /** In true time. */
  expiresAt: number;
}

class Schedule {
  readonly #options: ScheduleOptions;
  readonly #world: CapacityWorld;
  readonly #rig: CapacityRig;
  readonly #limit: CapacityLimit;
  readonly #processes: SimProcess[] = [];
  readonly #using = new Map<string, Usage>();
  readonly #complaints: string[] = [];
  readonly #counts = { granted: 0, full: 0, unknown: 0, grantedWithoutStore: 0, crashes: 0 };
  #names = 0;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#world = new CapacityWorld(options.seed);
    this.#rig = options.rig(this.#world);
    const { random } = this.#world;
    const slots = 1 + Math.floor(random.next() ** 3 * 40);
    const copies = 1 + this.#world.below(3);
    const isInMemory = options.oneAtATime !== true && this.#world.happens(0.4);
    const kvTokens = isInMemory ? slots * 100 : undefined;
    this.#limit = { target: `chat-${options.seed}`, slots, copies, kvTokens };
  }

  async run(): Promise<ScheduleVerdict> {
    const world = this.#world;
    const isCalm = this.#options.mood === 'calm';
    const count = this.#options.processCount ?? 1 + world.below(5);
    for (let index = 0; index < count; index += 1) this.#start();
    const lengthMs = isCalm ? CALM_MS : ROUGH_MS;
    this.#planRequests(isCalm ? 9_000 : lengthMs);
    if (this.#options.hasNetwork) world.faults = this.#drawFaults();
    if (!isCalm) this.#planTrouble(lengthMs);
    await world.run(lengthMs);
    await (isCalm ? this.#checkFreeAtOnce() : this.#checkFreeInTime());
    return { complaints: this.#complaints, ...this.#counts };
  }

  #start(): SimProcess {
    const world = this.#world;
    const { wrongByMs = 0 } = this.#options;
    const skewMs =
      (world.random.next() * 2 - 1) * CLOCK_SKEW_MS_MAX + (this.#processes.length === 0 ? wrongByMs : 0);
    const name = `process-${this.#names++}`;
    const clock = world.clock(skewMs);
    const random = createSeededRandom(`${this.#options.seed} ${name}`);
    const ledger = this.#rig.open({ name, clock, random });
    const started = { name, skewMs, clock, ledger, crashed: false, busyWith: undefined };
    this.#processes.push(started);
    return started;
  }

  #drawFaults(): NetworkFaults {
    const share = (): number => (this.#world.happens(0.4) ? this.#world.random.next() * 0.15 : 0);
    const drawn = { throttled: share(), lostBefore: share(), lostAfter: share(), brokenAfter: share() };
    // What is carried out late may take a slot that nobody knows of, until it lapses.
    return { ...drawn, twice: share(), late: this.#options.mood === 'calm' ? 0 : share() };
  }

  #planRequests(untilMs: number): void {
    const world = this.#world;
    const perSlot = this.#options.mood === 'calm' ? 2 : 5;
    const count = 5 + Math.min(50, Math.floor(this.#limit.slots * perSlot * (0.5 + world.random.next())));
    // In bursts, so that slots are fought for.
    const bursts = Array.from({ length: 3 }, () => world.random.next() * untilMs);
    for (let index = 0; index < count; index += 1) {
      const burst = bursts[world.below(6)];
      const afterMs = burst === undefined ? world.random.next() * untilMs : burst + world.random.next() * 40;
      world.after(Math.min(untilMs, afterMs), () => this.#request(`lease-${index}`, untilMs));
    }
  }

  #planTrouble(lengthMs: number): void {
    const world = this.#world;
    const { oneAtATime = false, asksSteadily = oneAtATime, hasNetwork } = this.#options;
    const crashes = oneAtATime ? 0 : world.below(5);
    for (let index = 0; index < crashes; index += 1)
      world.after(world.random.next() * lengthMs, () => this.#crash());
    if (!hasNetwork) return;
    const outages = asksSteadily || world.happens(0.6) ? 1 + world.below(2) : 0;
    for (let index = 0; index < outages; index += 1) {
      const fromMs = world.random.next() * lengthMs * 0.7;
      const forMs = world.random.next() * 70_000;
      const everybody = world.happens(0.5);
      world.after(fromMs, () => (everybody ? this.#outage(forMs) : this.#cutOffOne(forMs)));
    }
    if (asksSteadily)
      for (let afterMs = 0; afterMs < lengthMs; afterMs += 900)
        world.after(afterMs, () => {
          for (const process of this.#processes)
            this.#request(`steady-${afterMs}-${process.name}`, 0, process);
        });
  }

  #crash(): void {
    const alive = this.#processes.filter(({ crashed }) => !crashed);
    const victim = alive[this.#world.below(alive.length)];
    if (victim === undefined) return;
    victim.crashed = true;
    this.#counts.crashes += 1;
    this.#start();
  }

  #outage(forMs: number): void {
    const world = this.#world;
    world.isDown = true;
    world.after(forMs, () => {
      world.isDown = false;
    });
  }

  #cutOffOne(forMs: number): void {
    const { name } = this.#processes[this.#world.below(this.#processes.length)] ?? { name: '' };
    this.#world.cutOff.add(name);
    this.#world.after(forMs, () => this.#world.cutOff.delete(name));
  }

  #request(leaseId: string, untilMs: number, by?: SimProcess): void {
    const world = this.#world;
    const alive = this.#processes.filter(({ crashed }) => !crashed);
    const process = by ?? alive[world.below(alive.length)];
    if (process === undefined || process.crashed) return;
    if (this.#options.oneAtATime === true && process.busyWith !== undefined) return;
    process.busyWith = leaseId;
    const { ledger, clock } = process;
    const isAborted = world.happens(0.1);
    const call = { leaseId, process, open: true, kvTokens: this.#drawKvTokens() };
    const slotsReserved = world.happens(0.3) ? world.below(Math.ceil(this.#limit.slots / 2)) : 0;
    const demand = { limit: this.#limit, leaseId, kvTokens: call.kvTokens, slotsReserved };
    const ask = () => ledger.acquire({ ...demand, at: clock.now() });
    const hear = (answer: Awaited<ReturnType<typeof ask>>): void => {
      this.#options.hear?.(`${world.now} ${leaseId} ${JSON.stringify(answer)}`);
      if (answer.granted) {
        this.#counts.granted += 1;
        if (world.isDown || world.cutOff.has(process.name)) this.#counts.grantedWithoutStore += 1;
        if (call.open && !process.crashed) this.#uses(call, answer.expiresAt - process.skewMs);
      } else {
        if (answer.reason === 'full') this.#counts.full += 1;
        if (answer.reason === 'unknown') this.#counts.unknown += 1;
        this.#idle(call);
      }
    };
    const answer = ask();
    if (world.happens(0.15)) void ask();
    if (answer instanceof Promise) void answer.then(hear);
    else hear(answer);
    if (isAborted) this.#end(call);
    else {
      const longest = this.#options.mood === 'calm' ? Math.max(50, untilMs / 9) : 45_000;
      const lastsMs = world.random.next() ** 2 * longest;
      world.after(lastsMs, () => this.#end(call));
      if (world.happens(0.7)) world.after(LEASE_RENEWED_MS, () => this.#renew(call));
    }
  }

  #drawKvTokens(): number {
    const { kvTokens, copies } = this.#limit;
    if (kvTokens === undefined) return 0;
    const most = Math.floor(kvTokens / copies);
    return this.#world.happens(0.15)
      ? this.#world.below(most + 1)
      : this.#world.below(Math.ceil(most / 8) + 1);
  }

  #uses(call: Call, expiresAt: number): void {
    this.#using.set(call.leaseId, { kvTokens: call.kvTokens, process: call.process, expiresAt });
    this.#judge(call.leaseId);
  }

  #judge(what: string): void {
    const { now } = this.#world;
    for (const [leaseId, { expiresAt }] of this.#using) if (expiresAt <= now) this.#using.delete(leaseId);
    const { slots, kvTokens = Number.POSITIVE_INFINITY } = this.#limit;
    const used = [...this.#using.values()].reduce((sum, usage) => sum + usage.kvTokens, 0);
    if (this.#using.size > slots) this.#complain(`${this.#using.size} of ${slots} slots in use with ${what}`);
    if (used > kvTokens) this.#complain(`${used} of ${kvTokens} KV tokens in use with ${what}`);
  }

  #renew(call: Call): void {
    const { process, leaseId } = call;
    if (!call.open || process.crashed) return;
    const at = process.clock.now();
    const { renewedMs = LEASE_TRUSTED_MS, hasNetwork } = this.#options;
    const { mishaps, sent } = this.#world;
    const before = { mishaps: mishaps.get(process.name), sent: sent.get(process.name) };
    const isHeard = (): boolean =>
      before.mishaps === mishaps.get(process.name) && before.sent !== sent.get(process.name);
    const hear = (stands: boolean, isHeard: boolean): void => {
      this.#options.hear?.(`${this.#world.now} ${leaseId} ${stands ? 'stands' : 'is lost'}`);
      if (!call.open || process.crashed || !this.#using.has(leaseId)) return;
      if (!stands) this.#using.delete(leaseId);
      // A renewal that the store did not hear of leaves the lease as it was.
      else if (isHeard) this.#uses(call, at + renewedMs - process.skewMs);
    };
    const answer = process.ledger.renew(this.#limit, leaseId, { at });
    if (answer instanceof Promise) void answer.then((stands) => hear(stands, isHeard()));
    else hear(answer, !hasNetwork || this.#options.renewedMs !== undefined);
    this.#world.after(LEASE_RENEWED_MS, () => this.#renew(call));
  }

  #idle({ process, leaseId }: Call): void {
    if (process.busyWith === leaseId) process.busyWith = undefined;
  }

  #end(call: Call): void {
    const { process, leaseId } = call;
    if (process.crashed) return;
    call.open = false;
    this.#idle(call);
    this.#using.delete(leaseId);
    void process.ledger.release(this.#limit, leaseId, process.clock.now());
    if (this.#world.happens(0.2))
      this.#world.after(this.#world.random.next() * 500, () => {
        if (!process.crashed) void process.ledger.release(this.#limit, leaseId, process.clock.now());
      });
  }

  /** Whoever gave everything back can have everything back, long before anything lapses. */
  async #checkFreeAtOnce(): Promise<void> {
    this.#world.faults = noFaults;
    this.#using.clear();
    // Who found the store away asks again in a moment.
    await this.#world.run(1_000);
    await this.#checkFree(CALM_FREE_MS, 'after every call ended');
  }

  /** All processes die; others have all slots in 32 seconds, and not one more. */
  async #checkFreeInTime(): Promise<void> {
    const world = this.#world;
    world.faults = noFaults;
    world.isDown = false;
    world.cutOff.clear();
    for (const process of this.#processes) process.crashed = true;
    // What a clock that is ahead wrote stands longer, but never for more than an hour.
    await world.run(SLOT_BACK_MS + Math.min(LEASE_AHEAD_MS_MAX, Math.max(0, this.#options.wrongByMs ?? 0)));
    this.#using.clear();
    for (let index = 0; index < 2; index += 1) this.#start();
    await this.#checkFree(1, '32 s after every process died');
  }

  async #checkFree(withinMs: number, when: string): Promise<void> {
    // A process that has just begun leaves its own part to whoever had it before.
    const { safe = { processesMax: 1, share: 0 } } = this.#options;
    const { slots } = divided(this.#limit, safe).common;
    const until = this.#world.now + withinMs;
    const askers = this.#processes.filter(({ crashed }) => !crashed);
    let had = 0;
    let refused = 0;
    for (let tries = 0; had <= slots && (tries < TRIES_MIN || this.#world.now < until); tries += 1) {
      const process = askers[tries % askers.length];
      if (process === undefined) break;
      const at = process.clock.now();
      const demand = { limit: this.#limit, leaseId: `free-${tries}`, kvTokens: 0, slotsReserved: 0, at };
      const answer = process.ledger.acquire(demand);
      const heard = answer instanceof Promise ? await this.#hear(answer) : answer;
      if (heard.granted) had += 1;
      else if (had < slots) await this.#world.run(30);
      // All are there: one more is asked for a few times, and must not come.
      else if (had === slots && ++refused > 4) break;
    }
    if (had !== slots) this.#complain(`${had} of ${slots} slots were free ${when}`);
  }

  async #hear<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let isHeard = false;
    void answer.then(() => {
      isHeard = true;
    });
    while (!isHeard) await this.#world.run(30);
    return answer;
  }

  #complain(what: string): void {
    this.#complaints.push(`seed ${this.#options.seed}: ${what}`);
  }
}

interface Call {
  readonly leaseId: string;
  readonly process: SimProcess;
  readonly kvTokens: number;
  open: boolean;
}
