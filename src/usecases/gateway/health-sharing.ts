import { regionHealthKey } from '#core/decide/condition-keys.ts';
import { judgeHealth } from '#core/health/judge-health.ts';
import {
  type FailureMark,
  type GoodMark,
  joinHealth,
  nothingShared,
  type SharedHealth,
} from '#core/health/shared-health.ts';
import { POINTS } from '#core/health/step-health.ts';
import {
  isFailing,
  isSuspected,
  withEjection,
  withEvidence,
  withoutProbe,
  withProbe,
  withReturn,
} from '#core/health/step-shared-health.ts';
import type { HealthEvent } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { HealthStore, StoredHealth } from '../ports/health-store.ts';
import type { Log } from '../ports/log.ts';
import { bounded } from './bounded.ts';
import type { HealthBook, HealthNews } from './health-book.ts';
import { putBounded } from './put-bounded.ts';
import type { WriteBehind } from './write-behind.ts';

/**
 * A failing target is out within two seconds for the whole fleet: its failures take less than one of them to add up, and
 * every process has read of it within the other.
 */
const READ_EVERY_MS = { min: 800, max: 1000 };
const READ_MS_MAX = 1000;
/** A request that is to be a probe waits for its place no longer. */
const PROBE_PLACE_MS_MAX = 100;
/** Between two tellings of failures, or of good answers, of one target by one process. */
const TELL_EVERY_MS = 1000;
/** Writes that met others': each showed how things stand. */
const TRIES_MAX = 5;
const PENDING_MAX = 5;

/**
 * What the processes of a region tell each other of failing targets, through the table. Writes on failures and on what
 * they lead to, never waits but for a probe's place, and never fails: without the table each process knows what it saw.
 */
export interface HealthSharing {
  noted(news: HealthNews): void;
  /** Whether this request may be the probe of the target. Undefined where none is due, or nobody else knows of it. */
  claimProbe(target: Target): Promise<boolean> | undefined;
  /** Reads what the others told. Never rejects. */
  refresh(): Promise<void>;
  /** Goes on reading in the background. */
  start(): void;
  stop(): void;
}

export interface HealthSharingDependencies {
  /** @default - every process by itself */
  readonly health?: HealthStore | undefined;
  readonly book: HealthBook;
  readonly behind: Pick<WriteBehind, 'add'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
}

type Change = (health: SharedHealth) => SharedHealth | undefined;

export function createHealthSharing(dependencies: HealthSharingDependencies): HealthSharing {
  return new TableSharing(dependencies);
}

class TableSharing implements HealthSharing {
  private readonly store: HealthStore | undefined;
  private readonly dependencies: HealthSharingDependencies;
  /** Names this process among those of its region. */
  private readonly self: string;
  private readonly known = new Map<string, StoredHealth>();
  private readonly pending = new Map<string, readonly FailureMark[]>();
  private readonly toldAt = new Map<string, number>();
  /** The model whose call last told of a key. */
  private readonly models = new Map<string, string>();
  private readonly stopping = new AbortController();
  private reading: Promise<void> | undefined;
  private failing = false;

  constructor(dependencies: HealthSharingDependencies) {
    this.dependencies = dependencies;
    this.store = dependencies.health;
    this.self = Math.floor(dependencies.random.next() * 2 ** 40).toString(36);
  }

  noted(news: HealthNews): void {
    const { key, event, before, after, model } = news;
    // Nearly every step is a good answer of a target that nobody complained of.
    if (this.known.size === 0 && event.kind === 'answered' && after.kind === 'healthy' && !isFailure(news))
      return;
    if (model !== undefined) putBounded(this.models, key, model);
    const isOut = after.kind === 'ejected' && before.kind !== 'ejected';
    if (isFailure(news)) this.failed(news, isOut);
    else if (isOut) this.release(news);
    else if (event.kind === 'answered') this.answered(news, event.calledAt ?? event.at);
  }

  claimProbe(target: Target): Promise<boolean> | undefined {
    const keys = target.kind === 'bedrock' ? [target.id, regionHealthKey(target)] : [target.id];
    const due = keys.filter((key) => this.isProbeDue(key));
    if (due.length === 0) return undefined;
    // Whoever decides while the place is asked for sees that it is taken.
    this.dependencies.book.begin(target, this.now());
    return this.claimAll(due);
  }

  refresh(): Promise<void> {
    if (this.store === undefined) return Promise.resolve();
    this.reading ??= this.read(this.store).finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  start(): void {
    if (this.store !== undefined) void this.readOn();
  }

  stop(): void {
    this.stopping.abort();
  }

  private now(): number {
    return this.dependencies.clock.now();
  }

  private failed({ key, event, after }: HealthNews, isOut: boolean): void {
    if (this.store === undefined) {
      if (isOut) this.countEjection(key);
      return;
    }
    const { at } = event;
    const because = isOut && after.kind === 'ejected' ? after.because : undefined;
    if (because === 'word' || because === 'rate' || (because === 'probe' && this.isProbing(key))) {
      const { ejections } = after;
      this.tell(key, (health) => this.ejectedAnew(health, { at, ejections }));
      return;
    }
    putBounded(this.pending, key, withFailure(this.pending.get(key) ?? [], this.markOf(event)));
    if (because === 'row' || this.mayTell(key, at)) this.tellPending(key);
  }

  private markOf(event: HealthEvent): FailureMark {
    const severity = event.kind === 'failed' ? event.severity : 'slow';
    const origin = 'origin' in event ? (event.origin ?? '') : '';
    return { by: this.self, at: event.at, points: POINTS[severity], origin };
  }

  /** What one process is sure of alone; a row of failures may be its own trouble. Another's ejection is as good. */
  private ejectedAnew(
    health: SharedHealth,
    { at, ejections }: { readonly at: number; readonly ejections: number },
  ): SharedHealth | undefined {
    const { standing } = health;
    const isOthers = standing?.phase === 'ejected' && at < standing.until && standing.by !== this.self;
    return isOthers ? undefined : withEjection(health, { by: this.self, at, ejections });
  }

  private answered({ key, event: { at }, before, after }: HealthNews, calledAt: number): void {
    this.pending.delete(key);
    const stored = this.known.get(key);
    if (stored === undefined) return;
    const good: GoodMark = { origin: after.goodOrigin ?? '', at: calledAt };
    const witness = { by: this.self, at };
    if (after.kind === 'returning' && before.kind !== 'returning')
      this.tell(key, (health) => withReturn(health, witness, good));
    else if (isNews(stored.health, good) && this.mayTell(key, at))
      this.tell(key, (health) =>
        isNews(health, good) ? withEvidence(health, { goods: [good] }, witness) : undefined,
      );
  }

  private mayTell(key: string, at: number): boolean {
    return at - (this.toldAt.get(key) ?? Number.NEGATIVE_INFINITY) >= TELL_EVERY_MS;
  }

  /** The probe taught nothing: others may have its place. */
  private release({ key }: HealthNews): void {
    if (this.isProbing(key)) this.tell(key, (health) => withoutProbe(health, { by: this.self }));
  }

  /** Whether this process has the place of the probe. Its word is everybody's. */
  private isProbing(key: string): boolean {
    const probe = this.known.get(key)?.health.standing?.probe;
    return probe?.by === this.self && probe.open;
  }

  private tellPending(key: string): void {
    const failures = this.pending.get(key) ?? [];
    this.pending.delete(key);
    const { goodOrigin: origin, goodCallAt: at } = this.dependencies.book.of(key);
    // What failed for one and was answered for another is not yet the target's fault.
    const goods = origin === undefined || at === undefined ? [] : [{ origin, at }];
    this.tell(key, (health) => this.added(health, { failures, goods }));
  }

  /** What this process saw, and what follows from all that is known by now. */
  private added(
    health: SharedHealth,
    seen: { readonly failures?: readonly FailureMark[]; readonly goods?: readonly GoodMark[] } = {},
  ): SharedHealth | undefined {
    const next = withEvidence(health, seen, { by: this.self, at: this.now() });
    return next === health ? undefined : next;
  }

  private tell(key: string, change: Change): void {
    const { store } = this;
    if (store === undefined) return;
    putBounded(this.toldAt, key, this.now());
    this.dependencies.behind.add(this.change(store, key, change).catch((error) => this.fail(error)));
  }

  /** Makes a change of what stands, whatever others do meanwhile. False where there is nothing to change by then. */
  private async change(store: HealthStore, key: string, change: Change): Promise<boolean> {
    const { clock } = this.dependencies;
    let stood = this.known.get(key);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const health = change(stood?.health ?? nothingShared);
      if (health === undefined) return false;
      const item = { key, revision: Math.max((stood?.revision ?? 0) + 1, Math.floor(this.now())), health };
      if (await bounded(clock, READ_MS_MAX, store.save(item, stood?.revision))) {
        if (isEjection(stood?.health, health)) this.countEjection(key);
        this.learn(item);
        return true;
      }
      stood = await bounded(clock, READ_MS_MAX, store.load(key));
      if (stood !== undefined) this.learn(stood);
    }
    return false;
  }

  private learn(item: StoredHealth): void {
    const before = this.known.get(item.key);
    const health = before === undefined ? item.health : joinHealth(before.health, item.health);
    const revision = Math.max(before?.revision ?? 0, item.revision);
    putBounded(this.known, item.key, { key: item.key, revision, health });
    this.dependencies.book.believe(item.key, health, { self: this.self, at: this.now() });
  }

  private isProbeDue(key: string): boolean {
    const own = this.dependencies.book.of(key);
    const standing = this.known.get(key)?.health.standing;
    if (standing?.phase !== 'ejected' || own.episode !== standing.episode) return false;
    return judgeHealth(own, this.now(), 0) === 'probe';
  }

  private async claimAll(keys: readonly string[]): Promise<boolean> {
    const { store } = this;
    if (store === undefined) return true;
    try {
      const claims = keys.map((key) =>
        this.change(store, key, (health) => withProbe(health, { by: this.self, at: this.now() })),
      );
      const taken = await bounded(this.dependencies.clock, PROBE_PLACE_MS_MAX, Promise.all(claims));
      return taken.every((each) => each);
    } catch (error) {
      // Nobody can say who probes: everybody by himself.
      this.fail(error);
      return true;
    }
  }

  private async read(store: HealthStore): Promise<void> {
    try {
      const { items, badItems } = await bounded(this.dependencies.clock, READ_MS_MAX, store.loadAll());
      if (badItems > 0) this.dependencies.metrics.count('bad-health-item');
      this.failing = false;
      for (const item of items) this.heard(item);
    } catch (error) {
      this.fail(error);
    }
  }

  private heard(item: StoredHealth): void {
    this.learn(item);
    const { key } = item;
    const health = this.known.get(key)?.health ?? item.health;
    // Failures that only time confirms: whoever saw one of them says so.
    const saw = health.failures.some(({ by }) => by === this.self);
    if (saw && isFailing(health, this.now())) this.tell(key, (stands) => this.added(stands));
  }

  private async readOn(): Promise<void> {
    const { clock, random } = this.dependencies;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const pauseMs = READ_EVERY_MS.min + random.next() * (READ_EVERY_MS.max - READ_EVERY_MS.min);
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.refresh();
    }
  }

  private countEjection(key: string): void {
    const model = this.models.get(key);
    if (model !== undefined) this.dependencies.metrics.ejected({ at: this.now(), target: key, model });
  }

  private fail(error: unknown): void {
    const { log, metrics } = this.dependencies;
    if (!this.failing)
      log.write('warn', 'health-sharing-failed', { error: error instanceof Error ? error.name : 'unknown' });
    this.failing = true;
    metrics.count('health-unshared');
  }
}

function isFailure({ event, before, after }: HealthNews): boolean {
  // What fails while it is out was asked because nobody else was left.
  if (before.kind === 'ejected' || after === before) return false;
  switch (event.kind) {
    case 'failed':
      return true;
    case 'gave-up':
      return after.lastFailureAt === event.at;
    case 'answered':
      return after.lastFailureAt === event.at && after.lastSuccessAt !== event.at;
    default:
      return false;
  }
}

/** Failures of one moment and origin are one mark. */
function withFailure(pending: readonly FailureMark[], mark: FailureMark): readonly FailureMark[] {
  const last = pending.at(-1);
  if (last?.at !== mark.at || last.origin !== mark.origin) return [...pending, mark].slice(-PENDING_MAX);
  return [...pending.slice(0, -1), { ...mark, points: last.points + mark.points }];
}

/** A good answer to a call that began after the failures. */
function isNews(health: SharedHealth, good: GoodMark): boolean {
  const [newest] = health.failures.slice(-1);
  return newest !== undefined && good.at > newest.at && isSuspected(health, good.at);
}

function isEjection(before: SharedHealth | undefined, after: SharedHealth): boolean {
  const { standing } = after;
  return standing?.phase === 'ejected' && standing.episode !== before?.standing?.episode;
}
