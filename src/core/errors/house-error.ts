/**
 * Operating errors: things that go wrong in a correct program (throttled, timed out, condition lost).
 *
 * A domain outcome (no lawful target, budget spent) is a value, never one of these; a programmer error fails an
 * `invariant()`. Recognised by a marker, so that two copies of this module in two bundles still agree.
 */
const marker = Symbol.for('spillway.house-error');

export interface HouseErrorFacts {
  /** `snake_case`, listed in `catalogue.ts`, never reused for another meaning. */
  readonly code: string;
  readonly message: string;
  /** What an HTTP answer made from this error says. */
  readonly httpStatus: number;
  /** True when the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** True when the message may be shown to a caller. @default false */
  readonly expose?: boolean;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class HouseError extends Error {
  readonly [marker] = true;
  readonly code: string;
  readonly httpStatus: number;
  readonly retryable: boolean;
  readonly expose: boolean;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(facts: HouseErrorFacts) {
    super(facts.message, { cause: facts.cause });
    this.name = 'HouseError';
    this.code = facts.code;
    this.httpStatus = facts.httpStatus;
    this.retryable = facts.retryable;
    this.expose = facts.expose ?? false;
    this.facts = facts.facts ?? {};
  }
}

export function isHouseError(error: unknown): error is HouseError {
  return typeof error === 'object' && error !== null && marker in error;
}
