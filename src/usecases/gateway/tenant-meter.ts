import { isHouseError } from '#core/errors/house-error.ts';
import type { LimitedRate } from '#core/limits/tenant-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { Log } from '../ports/log.ts';
import type { RateAnswer, RateDemand, RateLedger } from '../ports/rate-ledger.ts';
import { bounded } from './bounded.ts';
import { BucketMeter, HELD_MS_MAX } from './bucket-meter.ts';
import type { WriteBehind } from './write-behind.ts';

/** How long a request waits for the ledger: far below its own deadline. */
const TAKE_MS_MAX = 100;
/** Until the ledger has answered for the first time: the connection may have to be made. */
const FIRST_TAKE_MS_MAX = 250;
const RETURN_MS_MAX = 1_000;
/** While others are under way, what is unused waits so long for a request that can spend it here. */
const RETURN_AFTER_MS = 200;
/** While the ledger is away, one call in the background asks whether it is back. */
const PROBE_EVERY_MS = 1_000;
/** Of a process that never learned how many there are. */
const UNKNOWN_PROCESSES = 16;
const MINUTE_MS = 60_000;

/** What a request asks of one bucket. */
export interface BucketUnits {
  readonly meter: BucketMeter;
  readonly units: number;
}

export type Reserved =
  /** `safely`: from the process's safe share; the ledger does not know of it. */
  | { readonly kind: 'granted'; readonly safely: boolean }
  | { readonly kind: 'refused'; readonly by: BucketMeter; readonly retryAfterMs: number };

interface Waiter {
  readonly items: readonly BucketUnits[];
  readonly resolve: (reserved: Reserved) => void;
}

export interface TenantMeterDependencies {
  readonly tenant: string;
  readonly ledger: RateLedger;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<GatewayMetrics, 'count'>;
  readonly behind: WriteBehind;
}

/**
 * The buckets of one tenant as one process spends from them. A busy process takes a little ahead, so that most requests
 * need no call; requests that must wait for the ledger share one call. Without the ledger it lives on its safe share:
 * the region's share divided by the processes that were last known, never more.
 */
export class TenantMeter {
  private readonly dependencies: TenantMeterDependencies;
  private readonly meters = new Map<string, BucketMeter>();
  private waiting: Waiter[] = [];
  private asking = false;
  private heardEver = false;
  private processes = UNKNOWN_PROCESSES;
  private countedMinute = -1;
  private degraded = false;
  private probeAt = 0;
  private underWay = 0;
  private cancelReturn: (() => void) | undefined;

  constructor(dependencies: TenantMeterDependencies) {
    this.dependencies = dependencies;
  }

  meterOf(limited: LimitedRate): BucketMeter {
    const meter = this.meters.get(limited.bucket) ?? new BucketMeter(limited);
    this.meters.set(limited.bucket, meter);
    return meter;
  }

  /** Takes from every bucket or from none. A grant is to be settled once. */
  async reserve(items: readonly BucketUnits[]): Promise<Reserved> {
    const reserved = await this.reserveUncounted(items);
    if (reserved.kind === 'granted') this.underWay += 1;
    return reserved;
  }

  /**
   * Ends a grant.
   * @param returns taken and not used, by the meters of the grant; below 0 where more was used
   */
  settle(returns: readonly BucketUnits[], safely: boolean): void {
    this.underWay -= 1;
    for (const { meter, units } of returns) {
      if (safely) meter.returnSafely(units, this.processes);
      else meter.return(units);
    }
    this.returnSoon();
  }

  /** Undefined while the ledger answers. */
  safeShare(): { readonly processes: number } | undefined {
    return this.degraded ? { processes: this.processes } : undefined;
  }

  private reserveUncounted(items: readonly BucketUnits[]): Reserved | Promise<Reserved> {
    const at = this.dependencies.clock.now();
    if (this.spendAll(items, at)) return { kind: 'granted', safely: false };
    if (this.degraded) {
      this.probe(items, at);
      return this.reserveSafely(items, at);
    }
    const lately = items.find(({ meter, units }) => meter.refusedLately(units, at));
    const refused = lately === undefined ? undefined : this.refusalOf(items, at);
    return refused ?? new Promise((resolve) => this.wait({ items, resolve }));
  }

  private wait(waiter: Waiter): void {
    this.waiting.push(waiter);
    if (!this.asking) void this.askForWaiting();
  }

  private async askForWaiting(): Promise<void> {
    this.asking = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      const [first, ...others] = batch;
      const isHeard = first !== undefined && (await this.ask(first.items, others));
      for (const waiter of batch) this.serve(waiter, isHeard);
    }
    this.asking = false;
  }

  /** False when the ledger did not decide in time. */
  private async ask(items: readonly BucketUnits[], others: readonly Waiter[]): Promise<boolean> {
    const { clock, ledger, tenant } = this.dependencies;
    const at = clock.now();
    const wished = others.flatMap((waiter) => waiter.items);
    const buckets = items.flatMap(({ meter, units }) => {
      const more = wished.reduce((sum, each) => sum + (each.meter === meter ? each.units : 0), 0);
      return meter.demand(units, more, at) ?? [];
    });
    if (buckets.length === 0) return true;
    const minute = Math.floor(at / MINUTE_MS);
    const demand: RateDemand = { tenant, buckets, at, countProcess: minute !== this.countedMinute };
    const answer = ledger.take(demand);
    try {
      const heard = await bounded(clock, this.heardEver ? TAKE_MS_MAX : FIRST_TAKE_MS_MAX, answer);
      // First: what is owed was granted as one of so many processes as were known then.
      this.restored();
      this.absorb(demand, heard);
      return true;
    } catch (error) {
      // What comes late was taken all the same: it is spent while it is fresh.
      answer.then(
        (late) => this.absorb(demand, late),
        () => undefined,
      );
      this.lost(error);
      return false;
    }
  }

  private absorb({ buckets, at, countProcess }: RateDemand, answer: RateAnswer): void {
    const { fullAt, taken, processes } = answer;
    this.heardEver = true;
    this.processes = processes;
    if (countProcess && taken !== undefined) this.countedMinute = Math.floor(at / MINUTE_MS);
    const isFresh = this.dependencies.clock.now() - at < HELD_MS_MAX;
    buckets.forEach(({ bucket }, index) => {
      const meter = this.meters.get(bucket);
      meter?.heard(fullAt[index] ?? 0);
      if (isFresh) meter?.took(taken?.[index] ?? 0, at);
    });
  }

  private serve(waiter: Waiter, isHeard: boolean): void {
    const served = this.reservedAfter(waiter.items, isHeard);
    // There was enough, but for those before it.
    if (served === undefined) this.waiting.push(waiter);
    else waiter.resolve(served);
  }

  private reservedAfter(items: readonly BucketUnits[], isHeard: boolean): Reserved | undefined {
    const at = this.dependencies.clock.now();
    if (this.spendAll(items, at)) return { kind: 'granted', safely: false };
    return isHeard ? this.refusalOf(items, at) : this.reserveSafely(items, at);
  }

  private spendAll(items: readonly BucketUnits[], at: number): boolean {
    if (!items.every(({ meter, units }) => meter.spendable(at) >= units)) return false;
    for (const { meter, units } of items) {
      meter.spend(units, at);
      meter.chargeSafeShare(units, this.processes, at);
    }
    return true;
  }

  private reserveSafely(items: readonly BucketUnits[], at: number): Reserved {
    const waits = items.map(({ meter, units }) => {
      const judged = meter.judgeSafely(units, this.processes, at);
      return { by: meter, retryAfterMs: judged.granted ? 0 : judged.retryAfterMs };
    });
    const longest = longestOf(waits);
    if (longest !== undefined) return { kind: 'refused', ...longest };
    for (const { meter, units } of items) meter.takeSafely(units, this.processes, at);
    return { kind: 'granted', safely: true };
  }

  /** By what was last heard; undefined when every bucket has enough. */
  private refusalOf(items: readonly BucketUnits[], at: number): Reserved | undefined {
    const longest = longestOf(
      items.map(({ meter, units }) => ({ by: meter, retryAfterMs: meter.waitMs(units, at) ?? 0 })),
    );
    if (longest === undefined) return undefined;
    const units = items.find(({ meter }) => meter === longest.by)?.units ?? 0;
    longest.by.refuse(units, longest.retryAfterMs, at);
    return { kind: 'refused', ...longest };
  }

  private probe(items: readonly BucketUnits[], at: number): void {
    if (this.asking || at < this.probeAt) return;
    this.asking = true;
    // Requests that came once the ledger was back wait for it.
    void this.ask(items, []).then(() => this.askForWaiting());
  }

  private lost(error: unknown): void {
    const { clock, log, metrics, tenant } = this.dependencies;
    this.probeAt = clock.now() + PROBE_EVERY_MS;
    if (this.degraded) return;
    this.degraded = true;
    const why = isHouseError(error) ? error.code : 'timed_out';
    log.write('warn', 'rate-limits-degraded', { tenant, error: why, processes: this.processes });
    metrics.count('limits-degraded');
  }

  private restored(): void {
    if (!this.degraded) return;
    this.degraded = false;
    const { clock, log, tenant } = this.dependencies;
    const at = clock.now();
    for (const meter of this.meters.values()) meter.owe(this.processes, at);
    log.write('info', 'rate-limits-restored', { tenant });
  }

  /** At once when nothing else is under way: an environment may freeze then. */
  private returnSoon(): void {
    if (this.underWay > 0) {
      this.cancelReturn ??= this.dependencies.clock.after(RETURN_AFTER_MS, () => this.returnNow());
    } else {
      this.returnNow();
    }
  }

  private returnNow(): void {
    const { clock, ledger, tenant, behind } = this.dependencies;
    this.cancelReturn?.();
    this.cancelReturn = undefined;
    const returns = [...this.meters.values()].flatMap((meter) => {
      const { bucket, rate } = meter.limited;
      const units = meter.takeUnused();
      return units === 0 ? [] : [{ bucket, units, perMinute: rate.perMinute }];
    });
    if (returns.length === 0 || this.degraded) return;
    // In doubt it stays charged: what might come back twice is not sent again.
    behind.add(bounded(clock, RETURN_MS_MAX, ledger.giveBack(tenant, returns)));
  }
}

function longestOf<Wait extends { readonly retryAfterMs: number }>(waits: readonly Wait[]): Wait | undefined {
  const longest = waits.reduce<Wait | undefined>(
    (best, each) => (best === undefined || each.retryAfterMs > best.retryAfterMs ? each : best),
    undefined,
  );
  return longest === undefined || longest.retryAfterMs === 0 ? undefined : longest;
}
