import { isPlausibleTime, plausibleHealth } from '#core/health/plausible-health.ts';
import { joinHealth, nothingShared, type SharedHealth } from '#core/health/shared-health.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { HealthStore, StoredHealth } from '../ports/health-store.ts';
import type { Log } from '../ports/log.ts';
import { bounded } from './bounded.ts';
import { putBounded } from './put-bounded.ts';

/**
 * A failing target is out within two seconds for the whole fleet: its failures take less than one of them to add up, and
 * every process has read of it within the other.
 */
const READ_EVERY_MS = { min: 800, max: 1000 };
const CALL_MS_MAX = 1000;
/** Writes that met others': each showed how things stand. */
const TRIES_MAX = 5;

/** What follows from a view, or undefined where nothing does. Asked again for the newer one when others were faster. */
export type Change = (health: SharedHealth) => SharedHealth | undefined;

export interface SharedHealthViewDependencies {
  readonly store: HealthStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  /** Hears of every view that was read or written. */
  readonly onView: (key: string, health: SharedHealth) => void;
  /** Hears of what others wrote, after `onView`. */
  readonly onRead: (key: string, health: SharedHealth) => void;
  /** Hears of an ejection that this process wrote. */
  readonly onEjection: (key: string) => void;
}

/** The shared health of a region as this process last saw it, and the way to change it. */
export class SharedHealthView {
  private readonly dependencies: SharedHealthViewDependencies;
  private readonly known = new Map<string, StoredHealth>();
  private readonly stopping = new AbortController();
  private reading: Promise<void> | undefined;
  private failing = false;

  constructor(dependencies: SharedHealthViewDependencies) {
    this.dependencies = dependencies;
  }

  /** True while nobody has told of anything. */
  isEmpty(): boolean {
    return this.known.size === 0;
  }

  of(key: string): SharedHealth | undefined {
    return this.known.get(key)?.health;
  }

  /**
   * Makes a change of what stands, whatever others do meanwhile. False where there is nothing to change by then.
   *
   * @throws what the store throws, and where it does not answer within a second
   */
  async change(key: string, change: Change): Promise<boolean> {
    const { store, clock, onEjection } = this.dependencies;
    let stood = this.known.get(key);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const health = change(stood?.health ?? nothingShared);
      if (health === undefined) return false;
      const revision = revisionAfter(stood, Math.floor(clock.now()));
      const item = { key, revision, health };
      if (await bounded(clock, CALL_MS_MAX, store.save(item, stood?.revision))) {
        if (isEjection(stood?.health, health)) onEjection(key);
        this.learn(item);
        return true;
      }
      const read = await bounded(clock, CALL_MS_MAX, store.load(key));
      stood = read && { ...read, health: plausibleHealth(read.health, clock.now()) };
      if (stood !== undefined) this.learn(stood);
    }
    return false;
  }

  /** Reads what the others told. Never rejects; callers that come while one runs share it. */
  refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  async refreshOn(): Promise<void> {
    const { clock, random } = this.dependencies;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const pauseMs = READ_EVERY_MS.min + random.next() * (READ_EVERY_MS.max - READ_EVERY_MS.min);
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.refresh();
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  /** The store did not do what it should: counted each time, told once. */
  fail(error: unknown): void {
    const { log, metrics } = this.dependencies;
    if (!this.failing)
      log.write('warn', 'health-sharing-failed', { error: error instanceof Error ? error.name : 'unknown' });
    this.failing = true;
    metrics.count('health-unshared');
  }

  private async read(): Promise<void> {
    const { store, clock, metrics, onRead } = this.dependencies;
    try {
      const { items, badItems } = await bounded(clock, CALL_MS_MAX, store.loadAll());
      const hasForged = items.some(({ health }) => plausibleHealth(health, clock.now()) !== health);
      if (badItems > 0 || hasForged) metrics.count('bad-health-item');
      this.failing = false;
      for (const item of items) onRead(item.key, this.learn(item));
    } catch (error) {
      this.fail(error);
    }
  }

  private learn(item: StoredHealth): SharedHealth {
    const before = this.known.get(item.key);
    const told = plausibleHealth(item.health, this.dependencies.clock.now());
    const health = before === undefined ? told : joinHealth(before.health, told);
    const revision = this.newerRevision(before, item);
    putBounded(this.known, item.key, { key: item.key, revision, health });
    this.dependencies.onView(item.key, health);
    return health;
  }

  /** The one that was read last, where either is no clock's. */
  private newerRevision(before: StoredHealth | undefined, { revision }: StoredHealth): number {
    const at = this.dependencies.clock.now();
    if (before === undefined || !isPlausibleTime(Math.max(before.revision, revision), at)) return revision;
    return Math.max(before.revision, revision);
  }
}

/** Past every version that a clock can have given; one of no clock's is replaced by one that can grow. */
function revisionAfter(stood: StoredHealth | undefined, at: number): number {
  return stood === undefined || !isPlausibleTime(stood.revision, at) ? at : Math.max(stood.revision + 1, at);
}

function isEjection(before: SharedHealth | undefined, after: SharedHealth): boolean {
  const { standing } = after;
  return standing?.phase === 'ejected' && standing.episode !== before?.standing?.episode;
}
