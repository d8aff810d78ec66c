import { isContradicted, withMark } from '#core/health/pending-marks.ts';
import type { FailureMark, GoodMark, SharedHealth, TallyMark } from '#core/health/shared-health.ts';
import { outcomesOfPeers } from '#core/health/shared-outcomes.ts';
import { freshOutcomes, POINTS } from '#core/health/step-health.ts';
import {
  type Evidence,
  isFailing,
  withEjection,
  withEvidence,
  withoutProbe,
  withReturn,
} from '#core/health/step-shared-health.ts';
import { outcomesIn, type PeerOutcomes } from '#core/health/success-rate.ts';
import type { EjectionReason, HealthEvent, TargetHealth } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { HealthBook, HealthNews } from './health-book.ts';
import { putBounded } from './put-bounded.ts';
import type { Change, SharedHealthView } from './shared-health-view.ts';
import type { WriteBehind } from './write-behind.ts';

/** Between two tellings of failures, or of good answers, of one target by one process. */
const TELL_EVERY_MS = 1000;

export interface HealthTellerDependencies {
  readonly view: Pick<SharedHealthView, 'of' | 'change' | 'fail'>;
  readonly book: Pick<HealthBook, 'of'>;
  readonly behind: Pick<WriteBehind, 'add'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Names this process among those of its region. */
  readonly self: string;
}

/** What one process tells the others of what it sees: failures and what follows from them, never that all is well. */
export class HealthTeller {
  private readonly dependencies: HealthTellerDependencies;
  private readonly pending = new Map<string, readonly FailureMark[]>();
  /** Of the last failure of each key. */
  private readonly before = new Map<string, Pick<HealthNews, 'before' | 'peers'> & { readonly at: number }>();
  private readonly toldAt = new Map<string, number>();

  constructor(dependencies: HealthTellerDependencies) {
    this.dependencies = dependencies;
  }

  noted(news: HealthNews): void {
    const { event, before, after } = news;
    const isOut = after.kind === 'ejected' && before.kind !== 'ejected';
    const because = isOut ? after.because : undefined;
    // A good answer may be the tenth outcome that shows how few of them are.
    if (isFailure(news) || because === 'rate') this.failed(news, because);
    else if (isOut) this.release(news);
    else if (event.kind === 'answered') this.answered(news, event.calledAt ?? event.at);
  }

  /** Failures that only time confirms: whoever saw one of them says so. */
  confirm(key: string, health: SharedHealth): void {
    const { self, clock } = this.dependencies;
    const saw = health.failures.some(({ by }) => by === self);
    if (saw && isFailing(health, clock.now())) this.tell(key, (stands) => this.added(stands));
  }

  private failed(news: HealthNews, because: EjectionReason | undefined): void {
    const { key, event, before, after, peers } = news;
    const { at } = event;
    if (because === 'word' || because === 'rate' || (because === 'probe' && this.isProbing(key))) {
      const { ejections } = after;
      this.tell(key, (health) => this.ejectedAnew(health, { at, ejections }));
      return;
    }
    putBounded(this.pending, key, withMark(this.pending.get(key) ?? [], this.markOf(event)));
    putBounded(this.before, key, { before, peers, at });
    if (because === 'row' || this.mayTell(key, at)) this.tellPending(key);
  }

  private markOf(event: HealthEvent): FailureMark {
    const severity = event.kind === 'failed' ? event.severity : 'slow';
    const origin = 'origin' in event ? (event.origin ?? '') : '';
    return { by: this.dependencies.self, at: event.at, points: POINTS[severity], origin };
  }

  /** What one process is sure of alone; a row of failures may be its own trouble. Another's ejection is as good. */
  private ejectedAnew(
    health: SharedHealth,
    { at, ejections }: { readonly at: number; readonly ejections: number },
  ): SharedHealth | undefined {
    const { standing } = health;
    const { self: by } = this.dependencies;
    const isOthers = standing?.phase === 'ejected' && at < standing.until && standing.by !== by;
    return isOthers ? undefined : withEjection(health, { by, at, ejections });
  }

  private answered({ key, event: { at }, before, after }: HealthNews, calledAt: number): void {
    this.pending.delete(key);
    const { view, self: by } = this.dependencies;
    const shared = view.of(key);
    if (shared === undefined) return;
    const good: GoodMark = { origin: after.goodOrigin ?? '', at: calledAt };
    const witness = { by, at };
    if (after.kind === 'returning' && before.kind !== 'returning')
      this.tell(key, (health) => withReturn(health, witness, good));
    else if (isContradicted(shared, good) && this.mayTell(key, at))
      this.tell(key, (health) =>
        isContradicted(health, good) ? withEvidence(health, { goods: [good] }, witness) : undefined,
      );
  }

  private mayTell(key: string, at: number): boolean {
    return at - (this.toldAt.get(key) ?? Number.NEGATIVE_INFINITY) >= TELL_EVERY_MS;
  }

  /** The probe taught nothing: others may have its place. */
  private release({ key }: HealthNews): void {
    const { self: by } = this.dependencies;
    if (this.isProbing(key)) this.tell(key, (health) => withoutProbe(health, { by }));
  }

  /** Whether this process has the place of the probe. Its word is everybody's. */
  private isProbing(key: string): boolean {
    const { view, self } = this.dependencies;
    const probe = view.of(key)?.standing?.probe;
    return probe?.by === self && probe.open;
  }

  private tellPending(key: string): void {
    const failures = this.pending.get(key) ?? [];
    const last = this.before.get(key);
    this.pending.delete(key);
    this.before.delete(key);
    // What failed for one and was answered for another is not yet the target's fault.
    const goods = goodsOf(this.dependencies.book.of(key));
    const tallies = last === undefined ? [] : this.tallyOf(last.before, last.at);
    const peers = this.peersOf(key, last?.peers ?? []);
    this.tell(key, (health) => this.added(health, { failures, goods, tallies }, peers));
  }

  private tallyOf(before: HealthNews['before'], at: number): readonly TallyMark[] {
    const recent = before.kind === 'healthy' ? freshOutcomes(before, at) : [];
    return recent.length === 0 ? [] : [{ by: this.dependencies.self, at, ...outcomesIn(recent) }];
  }

  private peersOf(key: string, targets: readonly Target[]): PeerOutcomes {
    const { book, view, clock, self } = this.dependencies;
    const others = targets.filter(({ id }) => id !== key);
    const known = others.map(({ id }) => ({ own: book.of(id), shared: view.of(id) }));
    return outcomesOfPeers(known, { self, at: clock.now() });
  }

  /** What this process saw, and what follows from all that is known by now. */
  private added(health: SharedHealth, seen: Evidence = {}, peers?: PeerOutcomes): SharedHealth | undefined {
    const { self: by, clock } = this.dependencies;
    const next = withEvidence(health, seen, { by, at: clock.now(), peers });
    return next === health ? undefined : next;
  }

  private tell(key: string, change: Change): void {
    const { view, behind, clock } = this.dependencies;
    putBounded(this.toldAt, key, clock.now());
    behind.add(view.change(key, change).catch((error) => view.fail(error)));
  }
}

/** The last good answer, and the last to another tenant. */
function goodsOf({ goodOrigin: origin, goodCallAt: at, otherTenantGood: other }: TargetHealth): GoodMark[] {
  const own = origin === undefined || at === undefined ? [] : [{ origin, at }];
  return other === undefined ? own : [...own, { origin: other.origin, at: other.calledAt }];
}

export function isFailure({ event, before, after }: HealthNews): boolean {
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
