/** What lease pages cost and how much of a limit they lend, in made time: every call is one process's, as in a function. */

import { pagesRigOver, WorldPages } from '#test/builders/capacity-rigs.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { type CapacityLedger, LEASE_RENEWED_MS } from '#usecases/ports/capacity-ledger.ts';
import type { Clock } from '#usecases/ports/clock.ts';

export interface PageWorld {
  readonly slots: number;
  /** Of what the slots could bear. */
  readonly load: number;
  readonly seconds: number;
  readonly seed: number;
  /** `even`: 2 to 8 s. `exponential`: 5 s in the mean; one in seven outlives its first renewal. */
  readonly lasting: 'even' | 'exponential';
}

export interface PageCost {
  readonly admitted: number;
  readonly writesPerAdmitted: number;
  /** Of them, renewals. */
  readonly renewalsPerAdmitted: number;
  /** Share of the slots in use, in the mean over time. */
  readonly use: number;
  readonly blockedShare: number;
}

const MEAN_SECONDS = 5;
/** Until pages are as full as they will be. */
const WARM_UP_SECONDS = 30;

interface Process {
  readonly clock: Clock;
  readonly ledger: CapacityLedger;
}

export async function measurePages(options: PageWorld): Promise<PageCost> {
  const run = new PageRun(options);
  return run.run();
}

class PageRun {
  readonly #options: PageWorld;
  readonly #world: CapacityWorld;
  readonly #pages = new WorldPages();
  readonly #idle: Process[] = [];
  #processes = 0;
  #calls = 0;
  #open = 0;
  #count = { asked: 0, admitted: 0, renewals: 0, writesBefore: 0, slotMs: 0 };
  #changedAt = 0;

  constructor(options: PageWorld) {
    this.#options = options;
    this.#world = new CapacityWorld(options.seed);
  }

  async run(): Promise<PageCost> {
    const { seconds, slots } = this.#options;
    this.#comeSoon();
    await this.#world.run(WARM_UP_SECONDS * 1000);
    this.#count = { asked: 0, admitted: 0, renewals: 0, writesBefore: this.#pages.writes, slotMs: 0 };
    this.#changedAt = this.#world.now;
    await this.#world.run(seconds * 1000);
    this.#use(0);
    const { asked, admitted, renewals, writesBefore, slotMs } = this.#count;
    return {
      admitted,
      writesPerAdmitted: (this.#pages.writes - writesBefore) / admitted,
      renewalsPerAdmitted: renewals / admitted,
      use: slotMs / (seconds * 1000 * slots),
      blockedShare: 1 - admitted / asked,
    };
  }

  #comeSoon(): void {
    const { slots, load } = this.#options;
    const perMs = (slots * load) / (MEAN_SECONDS * 1000);
    this.#world.after(-Math.log(1 - this.#world.random.next()) / perMs, () => {
      this.#comeSoon();
      void this.#call();
    });
  }

  /** A process is busy for as long as its call lasts, also where the call went elsewhere. */
  async #call(): Promise<void> {
    const process = this.#idle.pop() ?? this.#start();
    const { clock, ledger } = process;
    const leaseId = `call-${this.#calls++}`;
    const limit = { target: 'chat', slots: this.#options.slots, copies: 1 };
    const lastsMs = this.#lastsMs();
    this.#count.asked += 1;
    const at = clock.now();
    const answer = await ledger.acquire({ limit, leaseId, kvTokens: 0, slotsReserved: 0, at });
    if (answer.granted) this.#begin();
    let open = answer.granted;
    const renew = (): void => {
      if (!open) return;
      this.#count.renewals += 1;
      void ledger.renew(limit, leaseId, { at: clock.now() });
      this.#world.after(LEASE_RENEWED_MS, renew);
    };
    if (open && lastsMs > LEASE_RENEWED_MS) this.#world.after(LEASE_RENEWED_MS, renew);
    this.#world.after(lastsMs, () => {
      if (open) this.#use(-1);
      if (open) void ledger.release(limit, leaseId, clock.now());
      open = false;
      this.#idle.push(process);
    });
  }

  #begin(): void {
    this.#count.admitted += 1;
    this.#use(1);
  }

  #use(more: number): void {
    this.#count.slotMs += this.#open * (this.#world.now - this.#changedAt);
    this.#changedAt = this.#world.now;
    this.#open += more;
  }

  #start(): Process {
    const clock = this.#world.clock(0);
    const name = `process-${this.#processes++}`;
    return {
      clock,
      ledger: pagesRigOver(this.#pages)(this.#world).open({ name, clock, random: this.#world.random }),
    };
  }

  #lastsMs(): number {
    const drawn = this.#world.random.next();
    if (this.#options.lasting === 'exponential') return -Math.log(1 - drawn) * MEAN_SECONDS * 1000;
    return 2_000 + drawn * 6_000;
  }
}
