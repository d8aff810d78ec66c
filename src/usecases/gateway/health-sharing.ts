import { regionHealthKey } from '#core/decide/condition-keys.ts';
import { judgeHealth } from '#core/health/judge-health.ts';
import type { FailureMark, GoodMark, SharedHealth } from '#core/health/shared-health.ts';
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
import type { EjectionReason, HealthEvent } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { Log } from '../ports/log.ts';
import { bounded } from './bounded.ts';
import type { HealthBook, HealthNews } from './health-book.ts';
import { putBounded } from './put-bounded.ts';
import { type Change, SharedHealthView } from './shared-health-view.ts';
import type { WriteBehind } from './write-behind.ts';

/** A request that is to be a probe waits for its place no longer. */
const PROBE_PLACE_MS_MAX = 100;
/** Between two tellings of failures, or of good answers, of one target by one process. */
const TELL_EVERY_MS = 1000;
const PENDING_MAX = 5;

/**
 * What the processes of a region tell each other of failing targets, through the table. Writes on failures and on what
 * they lead to, never waits but for a probe's place, and never fails: without the table each process knows what it saw.
 */
export interface HealthSharing {
  noted(news: HealthNews): void;
  /** Whether this request may be the probe of the target. Undefined where none is due, or nobody else knows of it. */
  claimProbe(target: Target): Promise<boolean> | undefined;
  /** Whether another process told that the key is out. */
  isOthers(key: string): boolean;
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

export function createHealthSharing(dependencies: HealthSharingDependencies): HealthSharing {
  const { health: store } = dependencies;
  return store === undefined ? sharedWithNobody(dependencies) : new TableSharing(dependencies, store);
}

function sharedWithNobody({ clock, metrics }: HealthSharingDependencies): HealthSharing {
  return {
    noted: ({ key, before, after, model, event }) => {
      const isOut = after.kind === 'ejected' && before.kind !== 'ejected' && event.kind !== 'abandoned';
      if (isOut && model !== undefined) metrics.ejected({ at: clock.now(), target: key, model });
    },
    claimProbe: () => undefined,
    isOthers: () => false,
    refresh: () => Promise.resolve(),
    start: () => undefined,
    stop: () => undefined,
  };
}

class TableSharing implements HealthSharing {
  private readonly dependencies: HealthSharingDependencies;
  private readonly view: SharedHealthView;
  /** Names this process among those of its region. */
  private readonly self: string;
  private readonly pending = new Map<string, readonly FailureMark[]>();
  private readonly toldAt = new Map<string, number>();
  /** The model whose call last told of a key. */
  private readonly models = new Map<string, string>();

  constructor(dependencies: HealthSharingDependencies, store: HealthStore) {
    this.dependencies = dependencies;
    this.self = Math.floor(dependencies.random.next() * 2 ** 40).toString(36);
    this.view = new SharedHealthView({
      ...dependencies,
      store,
      onView: (key, health) => dependencies.book.believe(key, health, { self: this.self, at: this.now() }),
      onRead: (key, health) => this.confirm(key, health),
      onEjection: (key) => this.countEjection(key),
    });
  }

  noted(news: HealthNews): void {
    const { key, event, before, after, model } = news;
    // Nearly every step is a good answer of a target that nobody complained of.
    if (this.view.isEmpty() && event.kind === 'answered' && after.kind === 'healthy' && !isFailure(news))
      return;
    if (model !== undefined) putBounded(this.models, key, model);
    const isOut = after.kind === 'ejected' && before.kind !== 'ejected';
    const because = isOut ? after.because : undefined;
    // A good answer may be the tenth outcome that shows how few of them are.
    if (isFailure(news) || because === 'rate') this.failed(news, because);
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

  isOthers(key: string): boolean {
    const by = this.view.of(key)?.standing?.by;
    return by !== undefined && by !== this.self;
  }

  refresh(): Promise<void> {
    return this.view.refresh();
  }

  start(): void {
    void this.view.refreshOn();
  }

  stop(): void {
    this.view.stop();
  }

  private now(): number {
    return this.dependencies.clock.now();
  }

  private failed({ key, event, after }: HealthNews, because: EjectionReason | undefined): void {
    const { at } = event;
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
    const shared = this.view.of(key);
    if (shared === undefined) return;
    const good: GoodMark = { origin: after.goodOrigin ?? '', at: calledAt };
    const witness = { by: this.self, at };
    if (after.kind === 'returning' && before.kind !== 'returning')
      this.tell(key, (health) => withReturn(health, witness, good));
    else if (isNews(shared, good) && this.mayTell(key, at))
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
    const probe = this.view.of(key)?.standing?.probe;
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

  /** Failures that only time confirms: whoever saw one of them says so. */
  private confirm(key: string, health: SharedHealth): void {
    const saw = health.failures.some(({ by }) => by === this.self);
    if (saw && isFailing(health, this.now())) this.tell(key, (stands) => this.added(stands));
  }

  private tell(key: string, change: Change): void {
    putBounded(this.toldAt, key, this.now());
    this.dependencies.behind.add(this.view.change(key, change).catch((error) => this.view.fail(error)));
  }

  private isProbeDue(key: string): boolean {
    const own = this.dependencies.book.of(key);
    const standing = this.view.of(key)?.standing;
    if (standing?.phase !== 'ejected' || own.episode !== standing.episode) return false;
    return judgeHealth(own, this.now(), 0) === 'probe';
  }

  private async claimAll(keys: readonly string[]): Promise<boolean> {
    try {
      const claims = keys.map((key) =>
        this.view.change(key, (health) => withProbe(health, { by: this.self, at: this.now() })),
      );
      const taken = await bounded(this.dependencies.clock, PROBE_PLACE_MS_MAX, Promise.all(claims));
      return taken.every((each) => each);
    } catch (error) {
      // Nobody can say who probes: everybody by himself.
      this.view.fail(error);
      return true;
    }
  }

  private countEjection(key: string): void {
    const model = this.models.get(key);
    if (model !== undefined) this.dependencies.metrics.ejected({ at: this.now(), target: key, model });
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
