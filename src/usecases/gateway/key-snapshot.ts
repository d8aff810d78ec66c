import type { KeyRecord } from '#core/keys/key-record.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { KeyRead, KeyStore } from '../ports/key-store.ts';
import type { LastGoodKeys } from '../ports/last-good-keys.ts';
import type { Log } from '../ports/log.ts';
import { bounded } from './bounded.ts';
import { createKeyCopy, type KeyCopy } from './key-copy.ts';

const REFRESH_EVERY_MS = 5_000;
/** A table that takes longer counts as failed: a hang is a failure. */
const REFRESH_MS_MAX = 3_000;
/** Reading thousands of keys costs a tenth of a second of work: between whole reads only what changed is read. */
const WHOLE_READ_EVERY_MS = 60_000;
/** How far the clocks of operators and gateways may differ before a change has to wait for a whole read. */
const CLOCK_SKEW_MS_MAX = 3_600_000;
const START_MS_MAX = 250;
/** How long a request waits for a refresh that it asked for. */
const REQUEST_MS_MAX = 100;
/** Three rounds: then a key that is not in the snapshot may have been made since. */
const SURE_MS_MAX = 15_000;
/** Named in one log line. */
const BAD_TOLD_MAX = 20;
/** Known keys go on being served from an older snapshot; from here on operators are told. */
const STALE_MS_MIN = 15 * 60_000;

/**
 * The keys of the table as they last came whole, else those that outlived the last process. Owns the copy in memory and
 * its refresh in the background.
 */
export interface KeySnapshot {
  find(keyId: string): KeyRecord | undefined;
  /** True when a key that is not in here is nobody's: the table was read moments ago. */
  isSure(): boolean;
  /** Waits a moment for a read of the table where the last one ended longer than `milliseconds` ago. Never rejects. */
  atMostOld(milliseconds: number): Promise<void>;
  /** Waits at most 250 ms for the first read, and goes on reading in the background. Never rejects. */
  start(): Promise<void>;
  /** Never rejects; callers that come while one runs share it. */
  refresh(): Promise<void>;
  stop(): void;
}

export interface KeySnapshotDependencies {
  readonly keys: KeyStore;
  /** Why a key of the right shape opens nothing here, in words for operators; undefined where it may. */
  readonly problemOf: (record: KeyRecord) => string | undefined;
  readonly lastGood: LastGoodKeys;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
}

export function createKeySnapshot(dependencies: KeySnapshotDependencies): KeySnapshot {
  return new Snapshot(dependencies);
}

class Snapshot implements KeySnapshot {
  private readonly copy: KeyCopy;
  /** When the table was last read whole, not only for what changed. */
  private wholeReadAt: number | undefined;
  /** When the copy was last brought up to date with the table; undefined before. */
  private readAt: number | undefined;
  /** When the last attempt ended, well or badly. */
  private endedAt: number | undefined;
  private failing = false;
  private staleTold = false;
  private badTold = '';
  private refreshing: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly dependencies: KeySnapshotDependencies;

  constructor(dependencies: KeySnapshotDependencies) {
    this.dependencies = dependencies;
    this.copy = createKeyCopy(dependencies.problemOf);
  }

  find(keyId: string): KeyRecord | undefined {
    return this.copy.find(keyId);
  }

  isSure(): boolean {
    if (this.readAt === undefined || this.failing) return false;
    return this.dependencies.clock.now() - this.readAt <= SURE_MS_MAX;
  }

  async atMostOld(milliseconds: number): Promise<void> {
    if (this.endedAt !== undefined && this.dependencies.clock.now() - this.endedAt <= milliseconds) return;
    await this.withPatience(REQUEST_MS_MAX, this.refresh());
  }

  async start(): Promise<void> {
    await this.withPatience(START_MS_MAX, Promise.all([this.loadLastGood(), this.refresh()]));
    void this.loop();
  }

  refresh(): Promise<void> {
    this.refreshing ??= this.load();
    return this.refreshing;
  }

  stop(): void {
    this.stopping.abort();
  }

  private async loop(): Promise<void> {
    const { clock, random } = this.dependencies;
    while (!this.stopping.signal.aborted) {
      const pauseMs = REFRESH_EVERY_MS * (0.9 + random.next() * 0.2);
      const slept = await clock.sleep(pauseMs, this.stopping.signal).then(
        () => true,
        () => false,
      );
      if (slept) await this.refresh();
    }
  }

  private async load(): Promise<void> {
    const { clock, metrics } = this.dependencies;
    try {
      const at = clock.now();
      const whole = this.wholeReadAt === undefined || at - this.wholeReadAt >= WHOLE_READ_EVERY_MS;
      const changed = this.copy.take(await bounded(clock, REFRESH_MS_MAX, this.read(whole, at)), whole);
      if (whole) this.wholeReadAt = at;
      this.readAt = clock.now();
      this.failing = false;
      this.staleTold = false;
      this.tellBad();
      if (changed) void this.saveLastGood(this.readAt);
    } catch (error) {
      this.tellFailure(error);
      this.failing = true;
      metrics.count('refresh-failed');
    } finally {
      this.endedAt = clock.now();
      this.refreshing = undefined;
    }
  }

  private read(whole: boolean, at: InstantMs): Promise<KeyRead> {
    const { keys } = this.dependencies;
    return whole ? keys.loadAll() : keys.loadChanged(isoOfInstant(Math.max(0, at - CLOCK_SKEW_MS_MAX)));
  }

  /** Counted at each read, told when it changes. */
  private tellBad(): void {
    const { log, metrics } = this.dependencies;
    const items = this.copy.bad;
    if (items.length > 0) metrics.count('bad-key-item');
    const text = items.join('\n');
    if (text !== this.badTold && items.length > 0)
      log.write('error', 'bad-key-items', { count: items.length, items: items.slice(0, BAD_TOLD_MAX) });
    this.badTold = text;
  }

  private tellFailure(error: unknown): void {
    const { clock, log } = this.dependencies;
    if (!this.failing)
      log.write('warn', 'keys-refresh-failed', { error: error instanceof Error ? error.name : 'unknown' });
    if (this.staleTold || this.readAt === undefined || clock.now() - this.readAt < STALE_MS_MIN) return;
    this.staleTold = true;
    log.write('error', 'keys-stale', { ageMs: clock.now() - this.readAt });
  }

  private async loadLastGood(): Promise<void> {
    const { lastGood, metrics } = this.dependencies;
    try {
      const kept = await lastGood.load();
      if (this.readAt === undefined) this.copy.take({ keys: kept?.keys ?? [], bad: [] }, true);
    } catch {
      metrics.count('last-good-failed');
    }
  }

  private async saveLastGood(savedAt: number): Promise<void> {
    const { lastGood, metrics } = this.dependencies;
    try {
      await lastGood.save({ savedAt, keys: this.copy.records });
    } catch {
      metrics.count('last-good-failed');
    }
  }

  /** Waits for `work`, but no longer; the work goes on. */
  private async withPatience(milliseconds: number, work: Promise<unknown>): Promise<void> {
    await bounded(this.dependencies.clock, milliseconds, work).catch(() => undefined);
  }
}
