import type { InstantMs } from '../units/instant-ms.ts';
import { isAnsweredForOthers, isOneOriginsDoing, mostFrequent, PARTIES } from './one-origins-doing.ts';
import { tenantPartOf } from './origin.ts';
import { type Remembered, remembered } from './remembered.ts';
import { isOutlier, isWorse, noPeers, OUTCOMES_MIN, outcomesIn, type PeerOutcomes } from './success-rate.ts';
import {
  type Ejected,
  type EjectionReason,
  type GoodAnswer,
  type HealthEvent,
  type Healthy,
  type Origin,
  PACE_LENGTH,
  RECENT_LENGTH,
  type Returning,
  ROW_LENGTH,
  type Severity,
  type TargetHealth,
} from './target-health.ts';

/** Five failures in a row eject (Envoy's outlier detection uses five as well). */
export const POINTS_MAX = 5;
/** A passed deadline costs its caller seconds: two of them are enough. */
export const POINTS: Readonly<Record<Severity, number>> = { plain: 1, slow: 3, fatal: POINTS_MAX };
/** From the first failure of a row of failures, a second one after this time ejects. */
export const FAILING_MS_MAX = 2000;
/** Twenty times what its peers take, and not just noise among fast ones. */
const SLOWNESS_FACTOR = 20;
const SLOWNESS_MS_MIN = 1000;
/** Share of its own first contents that is faster than a time at which giving up counts against it. */
const PACE_QUANTILE = 0.99;
/** Of requests that nobody told apart. */
const ANY_ORIGIN: Origin = '';
const NO_ROW: readonly Origin[] = [];
const EJECTION_MS = 5000;
export const EJECTION_MS_MAX = 60_000;
export const RETURN_MS = 10_000;
/** After so long without a failure an ejection is the first again. */
export const FORGIVEN_MS = 300_000;

/** The state after an event. Pure: same state and event, same answer. */
export function stepHealth(health: TargetHealth, event: HealthEvent): TargetHealth {
  switch (event.kind) {
    case 'answered':
      return afterAnswer(health, event);
    case 'failed':
      return afterFailure(health, event, event.severity);
    case 'gave-up':
      return isPastPace(health, event.waitedMs)
        ? afterFailure(health, event, 'slow')
        : release(health, event.at);
    case 'probe-started':
      return health.kind === 'ejected' || health.kind === 'half-open'
        ? { ...remembered(health), kind: 'half-open', probedAt: event.at }
        : health;
    case 'abandoned':
      return release(health, event.at);
  }
}

function afterAnswer(health: TargetHealth, event: HealthEvent & { kind: 'answered' }): TargetHealth {
  const { at, firstContentMs, peersFirstContentMs, peers = noPeers } = event;
  const { origin = ANY_ORIGIN, calledAt = at } = event;
  const pace = appended(health.pace, firstContentMs, PACE_LENGTH);
  const paced = { pace, typicalFirstContentMs: ascending(pace)[Math.floor(pace.length / 2)] };
  const usualMs = peersFirstContentMs ?? Number.POSITIVE_INFINITY;
  if (firstContentMs >= SLOWNESS_MS_MIN && firstContentMs > usualMs * SLOWNESS_FACTOR) {
    return afterFailure({ ...health, ...paced }, event, 'slow');
  }
  const good = {
    lastSuccessAt: at,
    goodOrigin: origin,
    otherGoodAt: health.goodOrigin === origin ? health.otherGoodAt : health.lastSuccessAt,
    goodCallAt: calledAt,
    otherTenantGood: otherTenantGood(health, origin),
  };
  if (health.kind === 'healthy') {
    const { ejections, ejectedAt, lastFailureAt, episode } = health;
    return settled(
      {
        kind: 'healthy',
        points: 0,
        row: NO_ROW,
        recent: withOutcome(freshOutcomes(health, at), true),
        ...paced,
        ejections,
        ejectedAt,
        lastFailureAt,
        episode,
        ...good,
      },
      { at, peers },
    );
  }
  const kept = { ...remembered(health), ...paced, ...good };
  if (health.kind === 'returning') {
    return at < health.until ? { ...health, ...kept } : freshlyHealthy(kept);
  }
  // An answer that began before the ejection proves nothing of what came after it.
  if (health.kind === 'ejected' && at < health.until) return { ...health, ...paced };
  const returning: Returning = { ...kept, kind: 'returning', since: at, until: at + RETURN_MS };
  return returning;
}

/** The last good answer to another tenant than that of the origin, which is answered well now. */
function otherTenantGood(health: TargetHealth, origin: Origin): GoodAnswer | undefined {
  const { goodOrigin, lastSuccessAt, goodCallAt } = health;
  if (goodOrigin === undefined || lastSuccessAt === undefined || goodCallAt === undefined) return undefined;
  if (goodOrigin === origin || tenantPartOf(goodOrigin) === tenantPartOf(origin))
    return health.otherTenantGood;
  return { origin: goodOrigin, at: lastSuccessAt, calledAt: goodCallAt };
}

type FailureOccasion = Pick<HealthEvent & { readonly kind: 'failed' }, 'at' | 'origin' | 'peers'>;

function afterFailure(
  health: TargetHealth,
  { at, origin = ANY_ORIGIN, peers = noPeers }: FailureOccasion,
  severity: Severity,
): TargetHealth {
  const kept = { ...remembered(health), lastFailureAt: at };
  if (health.kind === 'ejected') return { ...health, lastFailureAt: at };
  // What a target says that it can never do is its own word, whoever asked.
  if (severity === 'fatal') return eject(kept, at, 'word');
  if (health.kind !== 'healthy') return eject(kept, at, health.kind === 'half-open' ? 'probe' : 'return');
  return settled(
    {
      ...kept,
      kind: 'healthy',
      points: health.points + POINTS[severity],
      row: appended(health.row, origin, ROW_LENGTH),
      failingSince: health.failingSince ?? at,
      recent: withOutcome(freshOutcomes(health, at), origin),
    },
    { at, peers },
  );
}

/** Ejects where the counts say so, and not for the sake of one origin alone; else the state as it is. */
function settled(
  health: Healthy,
  { at, peers }: { readonly at: InstantMs; readonly peers: PeerOutcomes },
): TargetHealth {
  const { failingSince, recent, row, points } = health;
  const failing = failingSince !== undefined && row.length >= 2 && at - failingSince >= FAILING_MS_MAX;
  if ((points >= POINTS_MAX || failing) && !isOneOriginsDoing(row, { ...health, at }))
    return eject(remembered(health), at, 'row');
  if (recent.length < OUTCOMES_MIN || !isOutlier(outcomesIn(recent), peers)) return health;
  return isWorseForOneOrigin(health, { at, peers }) ? health : eject(remembered(health), at, 'rate');
}

/** Without the failures of whoever fails most it is no worse than its peers, while others are answered. */
function isWorseForOneOrigin(
  health: Healthy,
  { at, peers }: { readonly at: InstantMs; readonly peers: PeerOutcomes },
): boolean {
  const failed = health.recent.filter((outcome) => outcome !== true);
  return PARTIES.some((party) => {
    const { most } = mostFrequent(failed.map(party.of));
    const others = health.recent.filter((outcome) => outcome === true || party.of(outcome) !== most);
    return isAnsweredForOthers(most, { ...health, at }, party) && !isWorse(outcomesIn(others), peers);
  });
}

/**
 * Whether the next outcome may make the target an outlier: nobody has to look at its peers before. `isFailure`: of that
 * outcome.
 */
export function isRateInDoubt(health: TargetHealth, isFailure: boolean): boolean {
  if (health.kind !== 'healthy' || health.recent.length + 1 < OUTCOMES_MIN) return false;
  return isFailure || health.recent.some((outcome) => outcome !== true);
}

/** Its last outcomes; none where the last was so long ago that they say nothing of it now. */
export function freshOutcomes(
  { recent, lastSuccessAt = 0, lastFailureAt = 0 }: Healthy,
  at: InstantMs,
): Healthy['recent'] {
  return at - Math.max(lastSuccessAt, lastFailureAt) > FORGIVEN_MS ? [] : recent;
}

function eject(kept: Remembered, at: InstantMs, because: EjectionReason): Ejected {
  const forgiven = kept.lastSuccessAt !== undefined && at - (kept.ejectedAt ?? at) > FORGIVEN_MS;
  const ejections = forgiven ? 1 : kept.ejections + 1;
  return { ...kept, kind: 'ejected', ejections, ejectedAt: at, until: ejectionEnd(at, ejections), because };
}

/** Five seconds for each ejection without a long good time in between, and no longer than a minute. */
export function ejectionEnd(at: InstantMs, ejections: number): InstantMs {
  return at + Math.min(EJECTION_MS * ejections, EJECTION_MS_MAX);
}

function freshlyHealthy(kept: Remembered): Healthy {
  return { ...kept, kind: 'healthy', points: 0, row: NO_ROW, recent: [] };
}

function release(health: TargetHealth, at: InstantMs): TargetHealth {
  return health.kind === 'half-open' ? { ...remembered(health), kind: 'ejected', until: at } : health;
}

/** The same list where nothing changes: a target that answers well has nothing but good outcomes. */
function withOutcome(recent: Healthy['recent'], outcome: true | Origin): Healthy['recent'] {
  const unchanged = recent.length === RECENT_LENGTH && recent.every((each) => each === outcome);
  return unchanged ? recent : appended(recent, outcome, RECENT_LENGTH);
}

/** By insertion: of a few dozen numbers a fifth of what `sort` with a comparison takes (1.3 µs). */
function ascending(values: readonly number[]): readonly number[] {
  const sorted: number[] = [];
  for (const value of values) {
    let at = sorted.length;
    for (; at > 0; at -= 1) {
      const before = sorted[at - 1] ?? 0;
      if (before <= value) break;
      sorted[at] = before;
    }
    sorted[at] = value;
  }
  return sorted;
}

/** The last `length` of the values and one more. */
function appended<Value>(values: readonly Value[], value: Value, length: number): readonly Value[] {
  const kept = values.slice(Math.max(0, values.length + 1 - length));
  kept.push(value);
  return kept;
}

/** Whether giving up after this time says that the target is slow, and not that its caller was impatient. */
export function isPastPace(health: TargetHealth, waitedMs: number): boolean {
  if (health.pace.length === 0) return waitedMs >= SLOWNESS_MS_MIN;
  const sorted = ascending(health.pace);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * PACE_QUANTILE));
  return waitedMs > (sorted[index] ?? 0);
}
