import type { Conditions } from '#core/decide/decision.ts';
import { REFUSAL_BELIEVED_MS, refusedFeatureKey } from '#core/decide/refused-features.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
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
import { createRestBook, type RestBook } from './rest-book.ts';
import { createWarmBook, type WarmBook } from './warm-book.ts';

/** A failure of the last ten seconds binds a failover to the retry budget. */
const RECENT_FAILURE_MS = 10_000;

/**
 * What this process knows of health and pressure, in a book for each; every change is one of core's pure steps. Shared by
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
  /** Whether it rests for want of a copy, and is being woken. */
  isAsleep(target: Target, at: number): boolean;
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
  return new KnownConditions(random, tell);
}

class KnownConditions implements ConditionsBook {
  readonly grammars = createGrammarBook();
  readonly healthBook: HealthBook;
  readonly #rests: RestBook;
  readonly #warm: WarmBook;
  readonly #inFlight = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #conditions: Conditions;
  #budget = emptyRetryBudget;

  constructor(random: Random, tell: ((news: HealthNews) => void) | undefined) {
    this.healthBook = createHealthBook(tell);
    this.#rests = createRestBook(random);
    this.#warm = createWarmBook(this.#rests.resting);
    const { health, blamed } = this.healthBook;
    this.#conditions = {
      health,
      blamed,
      resting: this.#rests.resting,
      inFlight: this.#inFlight,
      refused: this.#refused,
      awake: this.#warm.awake,
      grammars: this.grammars.known,
    };
  }

  view(): Conditions {
    return this.#conditions;
  }

  begin(target: Target, at: number): () => void {
    count(this.#inFlight, target.id, 1);
    this.healthBook.begin(target, at);
    let open = true;
    return () => {
      if (open) count(this.#inFlight, target.id, -1);
      open = false;
    };
  }

  answered(target: Target, good: GoodOccasion): void {
    this.healthBook.answered(target, good);
    this.#rests.answered(target, good.at);
  }

  failed(target: Target, verdict: FailureVerdict, occasion: Occasion): void {
    const { at } = occasion;
    const { refused, countsAgainstRegion } = verdict;
    this.#rests.failed(target, verdict, at);
    if (verdict.cold) this.#warm.wentCold(target, at, verdict.retryAfterMs);
    if (refused !== undefined)
      putBounded(this.#refused, refusedFeatureKey(target, refused), at + REFUSAL_BELIEVED_MS);
    if (!verdict.healthEffect || verdict.cold) this.healthBook.abandoned(target, at);
    else this.healthBook.failed(target, { severity: severityOf(verdict), countsAgainstRegion }, occasion);
  }

  gaveUp(target: Target, waitedMs: number, occasion: Occasion): void {
    this.healthBook.gaveUp(target, waitedMs, occasion);
  }

  abandoned(target: Target, at: number): void {
    this.healthBook.abandoned(target, at);
  }

  isAsleep(target: Target, at: number): boolean {
    return this.#warm.isAsleep(target, at);
  }

  woke(target: Target, at: number): void {
    this.#warm.woke(target, at);
  }

  heardWarm(word: WarmWord): void {
    this.#warm.heard(word, this.healthBook.of(word.target).lastSuccessAt);
  }

  countRequest(at: number): void {
    this.#budget = countRequest(this.#budget, at);
  }

  mayRetry(target: Target, at: number): boolean {
    const hasFailed = failedWithin(this.healthBook.of(target.id), at, RECENT_FAILURE_MS);
    return !hasFailed || retriesLeft(this.#budget, at) > 0;
  }

  countRetry(at: number): void {
    this.#budget = countRetry(this.#budget, at);
  }
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
