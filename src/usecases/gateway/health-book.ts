import { regionHealthKey } from '#core/decide/condition-keys.ts';
import { believeHealth } from '#core/health/believe-health.ts';
import type { SharedHealth } from '#core/health/shared-health.ts';
import { outcomesOfPeers } from '#core/health/shared-outcomes.ts';
import { isPastPace, isRateInDoubt, stepHealth } from '#core/health/step-health.ts';
import type { PeerOutcomes } from '#core/health/success-rate.ts';
import {
  type HealthEvent,
  type Origin,
  type Severity,
  type TargetHealth,
  unknownHealth,
} from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import { putBounded } from './put-bounded.ts';

/** Of one call. */
export interface Occasion {
  readonly at: number;
  /** @default - as every other request */
  readonly origin?: Origin | undefined;
  /** The logical model. @default - not known */
  readonly model?: string | undefined;
  /** Targets of the same model. @default - nobody knows of any */
  readonly peers?: readonly Target[] | undefined;
}

export interface GoodOccasion extends Occasion {
  readonly firstContentMs: number;
  /** When the call began. @default - `at` */
  readonly calledAt?: number | undefined;
  /** Targets of the same model. */
  readonly peers: readonly Target[];
}

/** One step of a target's health, or of a region's. */
export interface HealthNews {
  readonly key: string;
  readonly event: HealthEvent;
  readonly before: TargetHealth;
  readonly after: TargetHealth;
  readonly model?: string | undefined;
  readonly peers?: readonly Target[] | undefined;
}

/**
 * Health of targets and regions as this process knows it. Owns the maps; every change is one of core's pure steps.
 *
 * A failure also counts against the target for its own origin alone, so that requests which fail by themselves leave it
 * to the others.
 */
export interface HealthBook {
  /** By target id, and by `regionHealthKey`. */
  readonly health: ReadonlyMap<string, TargetHealth>;
  readonly blamed: ReadonlyMap<string, ReadonlyMap<Origin, TargetHealth>>;
  of(key: string): TargetHealth;
  begin(target: Target, at: number): void;
  answered(target: Target, good: GoodOccasion): void;
  failed(
    target: Target,
    failure: { readonly severity: Severity; readonly countsAgainstRegion: boolean },
    occasion: Occasion,
  ): void;
  /** The caller's own short deadline ended the wait. */
  gaveUp(target: Target, waitedMs: number, occasion: Occasion): void;
  abandoned(target: Target, at: number): void;
  /** What others of the region told. */
  believe(key: string, shared: SharedHealth, as: { readonly self: string; readonly at: number }): void;
}

/** @param tell hears of every step, and must be quick. @default - nobody listens */
export function createHealthBook(tell?: (news: HealthNews) => void): HealthBook {
  return new KnownHealth(tell);
}

class KnownHealth implements HealthBook {
  readonly health = new Map<string, TargetHealth>();
  readonly blamed = new Map<string, Map<Origin, TargetHealth>>();
  private readonly tell: ((news: HealthNews) => void) | undefined;

  constructor(tell: ((news: HealthNews) => void) | undefined) {
    this.tell = tell;
  }

  of(key: string): TargetHealth {
    return this.health.get(key) ?? unknownHealth;
  }

  begin(target: Target, at: number): void {
    for (const key of [target.id, regionHealthKey(target)])
      if (this.health.has(key)) this.step(key, { kind: 'probe-started', at });
  }

  answered(target: Target, { at, firstContentMs, peers, origin, calledAt, model }: GoodOccasion): void {
    const peersFirstContentMs = typicalOf(peers, target, this.health);
    const rates = this.ratesOf(target, peers, { at, isFailure: false });
    const event = {
      kind: 'answered',
      at,
      firstContentMs,
      peersFirstContentMs,
      origin,
      calledAt,
      peers: rates,
    } as const;
    const after = this.step(target.id, event, { model, peers });
    const isSlow = after.lastFailureAt === at && after.lastSuccessAt !== at;
    if (isSlow || (origin !== undefined && this.blamed.get(target.id)?.has(origin) === true))
      this.blame(target.id, after, event);
    const regionKey = regionHealthKey(target);
    if (this.health.has(regionKey))
      this.step(regionKey, { kind: 'answered', at, firstContentMs, origin, calledAt }, { model });
  }

  failed(
    target: Target,
    { severity, countsAgainstRegion }: { readonly severity: Severity; readonly countsAgainstRegion: boolean },
    { at, origin, model, peers }: Occasion,
  ): void {
    const rates = this.ratesOf(target, peers, { at, isFailure: true });
    const event = { kind: 'failed', at, severity, origin, peers: rates } as const;
    this.blame(target.id, this.step(target.id, event, { model, peers }), event);
    if (countsAgainstRegion)
      this.step(regionHealthKey(target), { kind: 'failed', at, severity: 'plain', origin }, { model });
  }

  gaveUp(target: Target, waitedMs: number, { at, origin, model, peers }: Occasion): void {
    const isSlow = isPastPace(this.of(target.id), waitedMs);
    const rates = this.ratesOf(target, peers, { at, isFailure: true });
    const event = { kind: 'gave-up', at, waitedMs, origin, peers: rates } as const;
    const after = this.step(target.id, event, { model, peers });
    if (isSlow) this.blame(target.id, after, { kind: 'failed', at, severity: 'slow', origin });
  }

  abandoned(target: Target, at: number): void {
    this.step(target.id, { kind: 'abandoned', at });
  }

  believe(key: string, shared: SharedHealth, as: { readonly self: string; readonly at: number }): void {
    const before = this.of(key);
    const after = believeHealth(before, shared, as);
    if (after === before) return;
    putBounded(this.health, key, after);
    if (after.kind !== 'healthy') this.blamed.delete(key);
  }

  private step(
    key: string,
    event: HealthEvent,
    about: Pick<HealthNews, 'model' | 'peers'> = {},
  ): TargetHealth {
    const before = this.of(key);
    const after = stepHealth(before, event);
    putBounded(this.health, key, after);
    this.tell?.({ key, event, before, after, ...about });
    return after;
  }

  /** Looked up only where an outlier may be found: most targets answer well. */
  private ratesOf(
    { id }: Target,
    peers: readonly Target[] | undefined,
    { at, isFailure }: { readonly at: number; readonly isFailure: boolean },
  ): PeerOutcomes | undefined {
    if (peers === undefined || !isRateInDoubt(this.of(id), isFailure)) return undefined;
    const others = peers.filter((peer) => peer.id !== id);
    return outcomesOfPeers(
      others.map((peer) => ({ own: this.of(peer.id) })),
      { at },
    );
  }

  private blame(
    key: string,
    after: TargetHealth,
    event: HealthEvent & { readonly origin?: Origin | undefined },
  ): void {
    const { origin } = event;
    // Who fails while the target is out for everybody, or comes back, says nothing of himself.
    if (after.kind !== 'healthy') this.blamed.delete(key);
    else if (origin !== undefined) stepOrigin(this.blamed, { key, origin, event });
  }
}

/** One origin's own account with a target; where it was out and its time is over, this call was its probe. */
function stepOrigin(
  blamed: Map<string, Map<Origin, TargetHealth>>,
  { key, origin, event }: { readonly key: string; readonly origin: Origin; readonly event: HealthEvent },
): void {
  const ofTarget = blamed.get(key) ?? new Map<Origin, TargetHealth>();
  const before = ofTarget.get(origin) ?? unknownHealth;
  const isDue = before.kind === 'ejected' && event.at >= before.until;
  const asked = isDue ? stepHealth(before, { kind: 'probe-started', at: event.at }) : before;
  putBounded(ofTarget, origin, stepHealth(asked, event));
  putBounded(blamed, key, ofTarget);
}

/** Median of what the other targets of the route take; undefined when none has answered yet. */
function typicalOf(
  peers: readonly Target[],
  self: Target,
  health: ReadonlyMap<string, TargetHealth>,
): number | undefined {
  const times: number[] = [];
  for (const peer of peers) {
    if (peer.id === self.id) continue;
    const typical = health.get(peer.id)?.typicalFirstContentMs;
    if (typical !== undefined) times.push(typical);
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
}
