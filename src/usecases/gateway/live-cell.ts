import { DURATION_BUCKETS, durationAt, durationBucket } from '#core/live/duration-counts.ts';
import type { Tier } from '#core/target.ts';
import type { RequestRecord } from '../ports/gateway-metrics.ts';
import { type LiveWait, SlowestRequests } from './live-slow.ts';

/** Parts of the minute that percentiles and cost look back over: the oldest is emptied for what is new. */
export const WINDOW_PARTS = 6;
const PICO_PER_MICRO_USD = 1e6;

/** What ended in one second. */
export class LiveSecond {
  requests = 0;
  readonly tiers: Record<Tier | 'none', number> = { dedicated: 0, serverless: 0, baseline: 0, none: 0 };
  readonly outcomes = new Map<string, number>();
  spilled = 0;
  failovers = 0;
  inputTokens = 0;
  outputTokens = 0;

  add(record: RequestRecord): void {
    this.requests += 1;
    this.tiers[record.tier ?? 'none'] += 1;
    this.outcomes.set(record.outcome, (this.outcomes.get(record.outcome) ?? 0) + 1);
    if (record.spilled) this.spilled += 1;
    if (record.attempts.length > 1) this.failovers += record.attempts.length - 1;
    this.inputTokens += record.inputTokens ?? 0;
    this.outputTokens += record.outputTokens ?? 0;
  }

  addAll(other: LiveSecond): void {
    this.requests += other.requests;
    for (const tier in other.tiers) this.tiers[tier as Tier] += other.tiers[tier as Tier];
    for (const [outcome, count] of other.outcomes)
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
    this.spilled += other.spilled;
    this.failovers += other.failovers;
    this.inputTokens += other.inputTokens;
    this.outputTokens += other.outputTokens;
  }
}

/** Where requests went: calls that were sent there, and requests that were answered from there. */
export interface LiveVisits {
  asked: number;
  answered: number;
}

/** What ended in some of the last minute: of a fixed size, however much did. */
export class LiveWindow {
  requests = 0;
  microUsd = 0;
  unpriced = 0;
  /** By target: of a route there are few. */
  readonly visits = new Map<string, LiveVisits>();
  readonly firstContents = new Uint32Array(DURATION_BUCKETS);
  readonly totals = new Uint32Array(DURATION_BUCKETS);

  add(record: RequestRecord): void {
    this.requests += 1;
    if (record.costPicoUsd !== undefined) this.microUsd += Number(record.costPicoUsd) / PICO_PER_MICRO_USD;
    else if (record.inputTokens !== undefined) this.unpriced += 1;
    for (const { target, outcome } of record.attempts) this.#visit(target, 1, outcome === 'answered' ? 1 : 0);
    increase(this.totals, record.durationMs);
    if (record.timeToFirstTokenMs !== undefined) increase(this.firstContents, record.timeToFirstTokenMs);
  }

  addAll(other: LiveWindow): void {
    this.requests += other.requests;
    this.microUsd += other.microUsd;
    this.unpriced += other.unpriced;
    for (const [target, { asked, answered }] of other.visits) this.#visit(target, asked, answered);
    for (let bucket = 0; bucket < DURATION_BUCKETS; bucket += 1) {
      this.firstContents[bucket] = (this.firstContents[bucket] ?? 0) + (other.firstContents[bucket] ?? 0);
      this.totals[bucket] = (this.totals[bucket] ?? 0) + (other.totals[bucket] ?? 0);
    }
  }

  #visit(target: string, asked: number, answered: number): void {
    const known = this.visits.get(target);
    if (known === undefined) this.visits.set(target, { asked, answered });
    else {
      known.asked += asked;
      known.answered += answered;
    }
  }
}

function increase(counts: Uint32Array, milliseconds: number): void {
  const bucket = durationBucket(milliseconds);
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

/** The requests of one tenant for one model under one residency. */
export class LiveCell {
  second = new LiveSecond();
  readonly slow = new SlowestRequests();
  readonly #parts: (LiveWindow | undefined)[] = Array.from({ length: WINDOW_PARTS }, () => undefined);
  #part = 0;
  /** Above this a request is slow: the 95th percentile as the last second left it. */
  #slowAboveMs = 0;

  add(record: RequestRecord, wait: LiveWait): void {
    this.second.add(record);
    this.#current().add(record);
    if (record.durationMs > this.#slowAboveMs) this.slow.offer(record, wait);
  }

  window(): LiveWindow {
    const whole = new LiveWindow();
    for (const part of this.#parts) if (part !== undefined) whole.addAll(part);
    return whole;
  }

  /** The second is told: the next one begins. */
  endSecond(): void {
    if (this.second.requests > 0) {
      this.second = new LiveSecond();
      this.#slowAboveMs = durationAt(this.window().totals, 0.95) ?? 0;
    }
    this.slow.clear();
  }

  /** The oldest part of the window is over. True where nothing is left in any. */
  turn(): boolean {
    this.#part = (this.#part + 1) % WINDOW_PARTS;
    this.#parts[this.#part] = undefined;
    return this.#parts.every((part) => part === undefined);
  }

  #current(): LiveWindow {
    const part = this.#parts[this.#part] ?? new LiveWindow();
    this.#parts[this.#part] = part;
    return part;
  }
}
