/**
 * core/health: what real traffic says of a target, as a state machine of plain values.
 *
 * Invariant: nothing here knows a clock, nor more of other targets than an event says; the last lawful target's right to
 * be tried is the decide stage's business. States are serialisable. The folder owns no state: `usecases/gateway/conditions-book.ts` holds it.
 * What the processes of a region tell each other is `shared-health.ts`, what one believes of it `believe-health.ts`.
 *
 *     healthy ── enough failures ──> ejected ── time over ──> half-open ── answered ──> returning ──> healthy
 *                                       ^                         │ failed                 │ failed
 *                                       └─────────────────────────┴────────────────────────┘
 */
import type { InstantMs } from '../units/instant-ms.ts';
import type { PeerOutcomes } from './success-rate.ts';

interface Remembered {
  /** Milliseconds to the first content of the last answers, oldest first, at most `PACE_LENGTH`. */
  readonly pace: readonly number[];
  /** Median of `pace`, kept because every decision asks for every target's. Undefined when no answer is known. */
  readonly typicalFirstContentMs?: number | undefined;
  /** Times that the target was ejected without a long good time in between. */
  readonly ejections: number;
  readonly ejectedAt?: InstantMs | undefined;
  readonly lastFailureAt?: InstantMs | undefined;
  readonly lastSuccessAt?: InstantMs | undefined;
  /** Whose request the last good answer was for. */
  readonly goodOrigin?: Origin | undefined;
  /** Last good answer to a request of another origin than `goodOrigin`. */
  readonly otherGoodAt?: InstantMs | undefined;
  /** When the latest call began that was answered well. */
  readonly goodCallAt?: InstantMs | undefined;
  /** Last good answer to another tenant than that of `goodOrigin`. */
  readonly otherTenantGood?: GoodAnswer | undefined;
  /** The shared ejection or return that this state follows: see `SharedHealth.episode`. */
  readonly episode?: number | undefined;
}

/**
 * Whose request it was and of what kind: a short hash of the tenant and one of work and class of size, never content. What
 * fails for one origin alone, or for one tenant alone, says little of the target.
 */
export type Origin = string;

export interface GoodAnswer {
  readonly origin: Origin;
  readonly at: InstantMs;
  /** When its call began. */
  readonly calledAt: InstantMs;
}

export interface Healthy extends Remembered {
  readonly kind: 'healthy';
  /** Weighted failures in a row. */
  readonly points: number;
  /** Whose the failures since the last good answer were, oldest first, at most `ROW_LENGTH`. */
  readonly row: readonly Origin[];
  /** First failure since the last good answer. */
  readonly failingSince?: InstantMs | undefined;
  /** The last outcomes, true for good, else whose failure it was, oldest first, at most `RECENT_LENGTH`. */
  readonly recent: readonly (true | Origin)[];
}

export interface Ejected extends Remembered {
  readonly kind: 'ejected';
  readonly until: InstantMs;
  /** @default - by others' word */
  readonly because?: EjectionReason | undefined;
}

/**
 * `row`: failures in a row. `rate`: too few good answers. `word`: it says that it can never
 * serve. `probe`, `return`: it failed again.
 */
export type EjectionReason = 'row' | 'rate' | 'word' | 'probe' | 'return';

/** One request of real traffic is under way to find out. */
interface HalfOpen extends Remembered {
  readonly kind: 'half-open';
  readonly probedAt: InstantMs;
}

/** Answers again; gets a share of its traffic that grows until `until`. */
export interface Returning extends Remembered {
  readonly kind: 'returning';
  readonly since: InstantMs;
  readonly until: InstantMs;
}

export type TargetHealth = Healthy | Ejected | HalfOpen | Returning;

export type HealthEvent =
  | {
      readonly kind: 'answered';
      readonly at: InstantMs;
      readonly firstContentMs: number;
      /** @default - as every other request */
      readonly origin?: Origin | undefined;
      /** When the call began. @default - `at` */
      readonly calledAt?: InstantMs | undefined;
      /** Typical first content of other targets of the model; undefined when none is known. */
      readonly peersFirstContentMs?: number | undefined;
      /** @default - nobody knows of any */
      readonly peers?: PeerOutcomes | undefined;
    }
  /** `fatal`: the target said that it can never serve this. `slow`: one of its deadlines passed. */
  | {
      readonly kind: 'failed';
      readonly at: InstantMs;
      readonly severity: Severity;
      /** @default - as every other request */
      readonly origin?: Origin | undefined;
      /** @default - nobody knows of any */
      readonly peers?: PeerOutcomes | undefined;
    }
  /** The caller's own short deadline ended the wait. */
  | {
      readonly kind: 'gave-up';
      readonly at: InstantMs;
      readonly waitedMs: number;
      /** @default - as every other request */
      readonly origin?: Origin | undefined;
      /** @default - nobody knows of any */
      readonly peers?: PeerOutcomes | undefined;
    }
  | { readonly kind: 'probe-started'; readonly at: InstantMs }
  /** The caller left, so nothing was learned. */
  | { readonly kind: 'abandoned'; readonly at: InstantMs };

export type Severity = 'plain' | 'slow' | 'fatal';

export const PACE_LENGTH = 32;
export const RECENT_LENGTH = 20;
/** A row of five ejects, or is one origin's own: more says nothing new. */
export const ROW_LENGTH = 16;

export const unknownHealth: TargetHealth = {
  kind: 'healthy',
  points: 0,
  row: [],
  recent: [],
  pace: [],
  ejections: 0,
};
