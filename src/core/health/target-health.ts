/**
 * core/health: what real traffic says of a target, as a state machine of plain values.
 *
 * Invariant: nothing here knows a clock or another target; the last lawful target's right to be tried is the decide
 * stage's business. States are serialisable. The folder owns no state: `usecases/gateway/health-book.ts` holds it.
 *
 *     healthy ── enough failures ──> ejected ── time over ──> half-open ── answered ──> returning ──> healthy
 *                                       ^                         │ failed                 │ failed
 *                                       └─────────────────────────┴────────────────────────┘
 */
import type { InstantMs } from '../units/instant-ms.ts';

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
}

export interface Healthy extends Remembered {
  readonly kind: 'healthy';
  /** Weighted failures in a row. */
  readonly points: number;
  readonly failuresInRow: number;
  /** First failure since the last good answer. */
  readonly failingSince?: InstantMs | undefined;
  /** The last outcomes, true for good, oldest first, at most `RECENT_LENGTH`. */
  readonly recent: readonly boolean[];
}

export interface Ejected extends Remembered {
  readonly kind: 'ejected';
  readonly until: InstantMs;
}

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
      /** Typical first content of other targets of the model; undefined when none is known. */
      readonly peersFirstContentMs?: number | undefined;
    }
  /** `fatal`: the target said that it can never serve this. `slow`: one of its deadlines passed. */
  | { readonly kind: 'failed'; readonly at: InstantMs; readonly severity: 'plain' | 'slow' | 'fatal' }
  /** The caller's own short deadline ended the wait. */
  | { readonly kind: 'gave-up'; readonly at: InstantMs; readonly waitedMs: number }
  | { readonly kind: 'probe-started'; readonly at: InstantMs }
  /** The caller left, so nothing was learned. */
  | { readonly kind: 'abandoned'; readonly at: InstantMs };

export const PACE_LENGTH = 32;
export const RECENT_LENGTH = 20;

export const unknownHealth: TargetHealth = {
  kind: 'healthy',
  points: 0,
  failuresInRow: 0,
  recent: [],
  pace: [],
  ejections: 0,
};
