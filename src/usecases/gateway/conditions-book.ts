import { accountRestKey, regionHealthKey } from '#core/decide/condition-keys.ts';
import type { Conditions } from '#core/decide/decision.ts';
import { REFUSAL_BELIEVED_MS, refusedFeatureKey } from '#core/decide/refused-features.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import { type PoolRest, restAfterAnswer, restAfterThrottle } from '#core/failures/pool-rest.ts';
import { countRequest, countRetry, emptyRetryBudget, retriesLeft } from '#core/failures/retry-budget.ts';
import { failedWithin } from '#core/health/judge-health.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type HealthEvent, type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import { createGrammarBook, type GrammarBook } from './grammar-book.ts';

/** A scaled-to-zero target needs minutes; asked again this often, each time by a real request, it also keeps waking. */
const COLD_REST_MS = 10_000;
/** An account whose role cannot be assumed costs a second a try. */
const ACCOUNT_REST_MS = 2000;
/** A failure of the last ten seconds binds a failover to the retry budget. */
const RECENT_FAILURE_MS = 10_000;
/** Far more than any route set; beyond it the oldest entries go, and their targets count as unknown. */
const ENTRIES_MAX = 20_000;

/**
 * What this process knows of health and pressure. Owns the maps; every change is one of core's pure steps. Shared by
 * all requests of the process, lost with it.
 */
export interface ConditionsBook {
  view(): Conditions;
  readonly grammars: GrammarBook;
  health(target: Target): TargetHealth;
  /** A call begins: counts it in flight, and as the probe where the target is on probation. Call the answer once. */
  begin(target: Target, at: number): () => void;
  answered(
    target: Target,
    answer: { readonly at: number; readonly firstContentMs: number; readonly peers: readonly Target[] },
  ): void;
  failed(target: Target, verdict: FailureVerdict, at: number): void;
  /** The caller's own short deadline ended the wait. */
  gaveUp(target: Target, waitedMs: number, at: number): void;
  abandoned(target: Target, at: number): void;
  countRequest(at: number): void;
  /** Whether one more call to this target fits the retry budget now. */
  mayRetry(target: Target, at: number): boolean;
  countRetry(at: number): void;
}

export function createConditionsBook(random: Random): ConditionsBook {
  const health = new Map<string, TargetHealth>();
  const resting = new Map<string, number>();
  const throttled = new Map<string, PoolRest>();
  const inFlight = new Map<string, number>();
  const refused = new Map<string, number>();
  const grammars = createGrammarBook();
  const conditions: Conditions = { health, resting, inFlight, refused, grammars: grammars.known };
  let budget = emptyRetryBudget;

  const believe = (refusal: string, at: number): void => put(refused, refusal, at + REFUSAL_BELIEVED_MS);
  const step = (key: string, event: HealthEvent): void =>
    put(health, key, stepHealth(health.get(key) ?? unknownHealth, event));
  const rest = (key: string, until: number): void =>
    put(resting, key, Math.max(resting.get(key) ?? 0, until));
  const restPool = (pool: string, at: number, wishMs: number | undefined): void => {
    const next = restAfterThrottle(throttled.get(pool), { at, chance: random.next(), wishMs });
    put(throttled, pool, next);
    rest(pool, next.until);
  };

  return {
    view: () => conditions,
    grammars,
    health: (target) => health.get(target.id) ?? unknownHealth,
    begin: (target, at) => {
      count(inFlight, target.id, 1);
      for (const key of [target.id, regionHealthKey(target)])
        if (health.has(key)) step(key, { kind: 'probe-started', at });
      let open = true;
      return () => {
        if (open) count(inFlight, target.id, -1);
        open = false;
      };
    },
    answered: (target, { at, firstContentMs, peers }) => {
      const peersFirstContentMs = typicalOf(peers, target, health);
      step(target.id, { kind: 'answered', at, firstContentMs, peersFirstContentMs });
      if (restAfterAnswer(throttled.get(target.quotaPool), at) === undefined)
        throttled.delete(target.quotaPool);
      if (health.has(regionHealthKey(target)))
        step(regionHealthKey(target), { kind: 'answered', at, firstContentMs });
    },
    failed: (target, verdict, at) => {
      if (verdict.class === 'quota') restPool(target.quotaPool, at, verdict.retryAfterMs);
      if (verdict.cold) rest(target.quotaPool, at + (verdict.retryAfterMs ?? COLD_REST_MS));
      if (verdict.class === 'no-credentials') {
        const whole = verdict.outcome === 'role-unavailable';
        rest(accountRestKey(target.account, whole ? undefined : target.region), at + ACCOUNT_REST_MS);
      }
      if (verdict.refused !== undefined) believe(refusedFeatureKey(target, verdict.refused), at);
      if (!verdict.healthEffect || verdict.cold) return step(target.id, { kind: 'abandoned', at });
      step(target.id, { kind: 'failed', at, severity: severityOf(verdict) });
      if (verdict.countsAgainstRegion)
        step(regionHealthKey(target), { kind: 'failed', at, severity: 'plain' });
    },
    gaveUp: (target, waitedMs, at) => step(target.id, { kind: 'gave-up', at, waitedMs }),
    abandoned: (target, at) => step(target.id, { kind: 'abandoned', at }),
    countRequest: (at) => {
      budget = countRequest(budget, at);
    },
    mayRetry: (target, at) =>
      !failedWithin(health.get(target.id) ?? unknownHealth, at, RECENT_FAILURE_MS) ||
      retriesLeft(budget, at) > 0,
    countRetry: (at) => {
      budget = countRetry(budget, at);
    },
  };
}

/** What is counted down to 0 is kept no longer. */
function count(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

function severityOf(verdict: FailureVerdict): 'plain' | 'slow' | 'fatal' {
  if (verdict.class === 'targets-fault') return 'fatal';
  return verdict.outcome.endsWith('-timeout') ? 'slow' : 'plain';
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

/** Maps keep insertion order: the first key of a full one was written longest ago. */
function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  // A key that goes and comes again costs more than the value: only a map that may soon be full needs the order.
  if (map.size > ENTRIES_MAX / 2) map.delete(key);
  map.set(key, value);
  if (map.size <= ENTRIES_MAX) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
