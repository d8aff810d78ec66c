import type { BucketDemand } from '#core/limits/judge-demand.ts';
import {
  type FullAtMicros,
  fillMicros,
  fullAfterMs,
  giveBackTo,
  microsOfUnits,
  type Taken,
  takeFrom,
  unitsIn,
} from '#core/limits/rate-bucket.ts';
import type { LimitedRate } from '#core/limits/tenant-limits.ts';

/** What was taken ahead and not spent by then is lost, so that no window can see more of it than this. */
export const HELD_MS_MAX = 2_000;
/** A bucket that was just found empty is not asked again for so long: what comes back meanwhile is little. */
const REFUSAL_MS_MAX = 100;
const SECOND_MS = 1_000;

/** What a caller is told of one limit. */
export interface RateView {
  /** Units a minute that this gateway lets through. */
  readonly limit: number;
  /** Units that could go now. */
  readonly remaining: number;
  /** Milliseconds until as many could go as ever. */
  readonly resetMs: number;
}

/** One bucket as one process sees it: what it holds of it, and how the rest stood when it was last heard of. */
export class BucketMeter {
  readonly limited: LimitedRate;
  private fullAt: FullAtMicros = 0;
  /** Taken ahead, spendable for a moment. */
  private held = 0;
  private heldUntil = 0;
  /** Taken and found unused, on its way back; below 0 where more was used than taken. */
  private unused = 0;
  /** The bucket of the safe share, charged all the time, so that an outage does not double what a process has. */
  private safeFullAt: FullAtMicros = 0;
  /** Granted without the ledger, which does not know of it yet. */
  private takenSafely = 0;
  private second = 0;
  private usedThisSecond = 0;
  private usedLastSecond = 0;
  private refusedUntil = 0;
  private refusedUnits = 0;

  constructor(limited: LimitedRate) {
    this.limited = limited;
  }

  /** Units at hand, without asking anybody. */
  spendable(at: number): number {
    return this.unused + (at < this.heldUntil ? this.held : 0);
  }

  /** Only what is spendable. */
  spend(units: number, at: number): void {
    const fromUnused = Math.min(Math.max(0, this.unused), units);
    this.unused -= fromUnused;
    this.held -= units - fromUnused;
    this.count(units, at);
  }

  /** What to ask for: the units of a request, those of others that wait, and what a second has used beyond them. */
  demand(units: number, others: number, at: number): BucketDemand | undefined {
    const { bucket, rate } = this.limited;
    const missing = units - this.spendable(at);
    if (missing <= 0) return undefined;
    const usual = Math.max(this.usedBefore(at), this.usedSoFar(at));
    const more = Math.min(usual - units, Math.floor((rate.perMinute * HELD_MS_MAX) / 60_000));
    const ahead = others + Math.max(0, more);
    return { bucket, rate, units: missing, ahead };
  }

  /** @param at when it was asked for */
  took(units: number, at: number): void {
    if (units === 0) return;
    const left = at < this.heldUntil ? this.held : 0;
    this.heldUntil = left > 0 ? Math.min(this.heldUntil, at + HELD_MS_MAX) : at + HELD_MS_MAX;
    this.held = left + units;
  }

  heard(fullAt: FullAtMicros): void {
    this.fullAt = fullAt;
  }

  /** How long a request would have to wait, by what was last heard; undefined when it need not. */
  waitMs(units: number, at: number): number | undefined {
    const missing = units - this.spendable(at);
    if (missing <= 0) return undefined;
    const taken = takeFrom(this.limited.rate, { fullAt: this.fullAt, units: missing, at });
    return taken.granted ? undefined : taken.retryAfterMs;
  }

  /** Remembers for a moment that so many units were refused. */
  refuse(units: number, retryAfterMs: number, at: number): void {
    this.refusedUnits = units;
    this.refusedUntil = at + Math.min(retryAfterMs, REFUSAL_MS_MAX);
  }

  refusedLately(units: number, at: number): boolean {
    return at < this.refusedUntil && units >= this.refusedUnits && this.waitMs(units, at) !== undefined;
  }

  /** Whether the safe share of one of so many processes has room. Takes nothing. */
  judgeSafely(units: number, processes: number, at: number): Taken {
    return takeFrom(this.safeRate(processes), { fullAt: this.safeFullAt, units, at });
  }

  takeSafely(units: number, processes: number, at: number): void {
    const taken = this.judgeSafely(units, processes, at);
    if (!taken.granted) return;
    this.safeFullAt = taken.fullAt;
    this.takenSafely += units;
  }

  /** What the store granted counts against the safe share too, down to empty. */
  chargeSafeShare(units: number, processes: number, at: number): void {
    const rate = this.safeRate(processes);
    const charged = Math.max(this.safeFullAt, at * 1000) + microsOfUnits(rate, units);
    this.safeFullAt = Math.max(this.safeFullAt, Math.min(charged, at * 1000 + fillMicros(rate)));
  }

  /** After a grant of the safe share: fewer were used, or more. */
  returnSafely(units: number, processes: number): void {
    this.safeFullAt = giveBackTo(this.safeRate(processes), this.safeFullAt, units);
    this.takenSafely = Math.max(0, this.takenSafely - units);
  }

  /** The ledger is back: it is owed what was granted without it and has not flowed in again since. */
  owe(processes: number, at: number): void {
    const rate = this.safeRate(processes);
    const missing = (Math.max(0, this.safeFullAt - at * 1000) * rate.perMinute) / 60_000_000;
    this.unused -= Math.min(this.takenSafely, Math.ceil(missing));
    this.takenSafely = 0;
  }

  /** After a grant of the store: fewer were used, or more. */
  return(units: number): void {
    this.unused += units;
  }

  /** Hands out what is on its way back. */
  takeUnused(): number {
    const { unused } = this;
    this.unused = 0;
    this.fullAt = giveBackTo(this.limited.rate, this.fullAt, unused);
    return unused;
  }

  view(at: number, safely: { readonly processes: number } | undefined): RateView {
    const { rate } = this.limited;
    const spendable = Math.max(0, this.spendable(at));
    const fullAt = safely === undefined ? this.fullAt : this.safeFullAt;
    const bucket = safely === undefined ? rate : this.safeRate(safely.processes);
    const remaining = spendable + unitsIn(bucket, fullAt, at);
    return { limit: rate.perMinute, remaining, resetMs: fullAfterMs(fullAt, at) };
  }

  private safeRate(processes: number) {
    const { rate } = this.limited;
    return { ...rate, perMinute: rate.perMinute / processes };
  }

  private count(units: number, at: number): void {
    this.usedLastSecond = this.usedBefore(at);
    this.usedThisSecond = this.usedSoFar(at) + units;
    this.second = Math.floor(at / SECOND_MS);
  }

  /** Units spent in this second. */
  private usedSoFar(at: number): number {
    return Math.floor(at / SECOND_MS) === this.second ? this.usedThisSecond : 0;
  }

  /** Units spent in the second before this one. */
  private usedBefore(at: number): number {
    const second = Math.floor(at / SECOND_MS);
    if (second === this.second) return this.usedLastSecond;
    return second === this.second + 1 ? this.usedThisSecond : 0;
  }
}
