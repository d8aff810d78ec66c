import { accountRestKey } from '#core/decide/condition-keys.ts';
import type { Conditions } from '#core/decide/decision.ts';
import { REFUSAL_BELIEVED_MS, refusedFeatureKey } from '#core/decide/refused-features.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import { type PoolRest, restAfterAnswer, restAfterThrottle } from '#core/failures/pool-rest.ts';
import { countRequest, countRetry, emptyRetryBudget, retriesLeft } from '#core/failures/retry-budget.ts';
import { failedWithin } from '#core/health/judge-health.ts';
import type { Severity } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import type { WarmWord } from '#core/warmth/warm-word.ts';
import { createGrammarBook, type GrammarBook } from './grammar-book.ts';
import {
  createHealthBook,
  type GoodOccasion,
  type HealthBook,
  type HealthNews,
  type Occasion,
} from './health-book.ts';
import { putBounded } from './put-bounded.ts';
import { createWarmBook } from './warm-book.ts';

/** An account whose role cannot be assumed costs a second a try. */
const ACCOUNT_REST_MS = 2000;
/** A failure of the last ten seconds binds a failover to the retry budget. */
const RECENT_FAILURE_MS = 10_000;

/**
 * What this process knows of health and pressure. Owns the maps; every change is one of core's pure steps. Shared by
 * all requests of the process, lost with it.
 */
export interface ConditionsBook {
  view(): Conditions;
  readonly grammars: GrammarBook;
  /** What is told and believed of targets. */
  readonly healthBook: HealthBook;
  /** A call begins: counts it in flight, and as the probe where the target is on probation. Call the answer once. */
  begin(target: Target, at: number): () => void;
  answered(target: Target, good: GoodOccasion): void;
  failed(target: Target, verdict: FailureVerdict, occasion: Occasion): void;
  /** The caller's own short deadline ended the wait. */
  gaveUp(target: Target, waitedMs: number, occasion: Occasion): void;
  abandoned(target: Target, at: number): void;
  /** It has answered although discovery found no copy in service. */
  woke(target: Target, at: number): void;
  /** What another process met of a target that sleeps, or slept. */
  heardWarm(word: WarmWord): void;
  countRequest(at: number): void;
  /** Whether one more call to this target fits the retry budget now. */
  mayRetry(target: Target, at: number): boolean;
  countRetry(at: number): void;
}

/** @param tell hears of every step of health. @default - nobody listens */
export function createConditionsBook(random: Random, tell?: (news: HealthNews) => void): ConditionsBook {
  const healthBook = createHealthBook(tell);
  const { health, blamed } = healthBook;
  const resting = new Map<string, number>();
  const throttled = new Map<string, PoolRest>();
  const inFlight = new Map<string, number>();
  const refused = new Map<string, number>();
  const grammars = createGrammarBook();
  const warm = createWarmBook(resting);
  const { awake } = warm;
  const { known } = grammars;
  const conditions: Conditions = { health, blamed, resting, inFlight, refused, awake, grammars: known };
  let budget = emptyRetryBudget;

  const believe = (refusal: string, at: number): void =>
    putBounded(refused, refusal, at + REFUSAL_BELIEVED_MS);
  const rest = (key: string, until: number): void =>
    putBounded(resting, key, Math.max(resting.get(key) ?? 0, until));
  const restPool = (pool: string, at: number, wishMs: number | undefined): void => {
    const next = restAfterThrottle(throttled.get(pool), { at, chance: random.next(), wishMs });
    putBounded(throttled, pool, next);
    rest(pool, next.until);
  };

  return {
    view: () => conditions,
    grammars,
    healthBook,
    begin: (target, at) => {
      count(inFlight, target.id, 1);
      healthBook.begin(target, at);
      let open = true;
      return () => {
        if (open) count(inFlight, target.id, -1);
        open = false;
      };
    },
    answered: (target, good) => {
      healthBook.answered(target, good);
      if (restAfterAnswer(throttled.get(target.quotaPool), good.at) === undefined)
        throttled.delete(target.quotaPool);
    },
    failed: (target, verdict, occasion) => {
      const { at } = occasion;
      if (verdict.class === 'quota') restPool(target.quotaPool, at, verdict.retryAfterMs);
      if (verdict.cold) warm.wentCold(target, at, verdict.retryAfterMs);
      if (verdict.class === 'no-credentials') {
        const whole = verdict.outcome === 'role-unavailable';
        rest(accountRestKey(target.account, whole ? undefined : target.region), at + ACCOUNT_REST_MS);
      }
      if (verdict.refused !== undefined) believe(refusedFeatureKey(target, verdict.refused), at);
      if (!verdict.healthEffect || verdict.cold) return healthBook.abandoned(target, at);
      const { countsAgainstRegion } = verdict;
      healthBook.failed(target, { severity: severityOf(verdict), countsAgainstRegion }, occasion);
    },
    gaveUp: (target, waitedMs, occasion) => healthBook.gaveUp(target, waitedMs, occasion),
    abandoned: (target, at) => healthBook.abandoned(target, at),
    woke: warm.woke,
    heardWarm: (word) => warm.heard(word, healthBook.of(word.target).lastSuccessAt),
    countRequest: (at) => {
      budget = countRequest(budget, at);
    },
    mayRetry: (target, at) =>
      !failedWithin(healthBook.of(target.id), at, RECENT_FAILURE_MS) || retriesLeft(budget, at) > 0,
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

function severityOf(verdict: FailureVerdict): Severity {
  if (verdict.class === 'targets-fault') return 'fatal';
  return verdict.outcome.endsWith('-timeout') ? 'slow' : 'plain';
}
