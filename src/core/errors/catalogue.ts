/**
 * core/errors: the operating errors, each with one meaning.
 *
 * Invariant: a code never changes its meaning and is never used again for another. A domain outcome (no lawful
 * target, budget spent) is not an error and has no entry here. The folder owns no state.
 */
import { HouseError } from './house-error.ts';

interface ErrorEntry {
  /** What an HTTP answer made from this error says. */
  readonly httpStatus: number;
  /** True when the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** True when the message may be shown to a caller. */
  readonly expose: boolean;
  readonly meaning: string;
}

export const errorCatalogue = {
  throttled: {
    httpStatus: 503,
    retryable: true,
    expose: false,
    meaning: 'An AWS API refused a call because of its rate.',
  },
  access_denied: {
    httpStatus: 503,
    retryable: false,
    expose: false,
    meaning: 'An AWS API refused a call for lack of permission.',
  },
  credentials_unavailable: {
    httpStatus: 503,
    retryable: true,
    expose: false,
    meaning: 'No valid credentials for an account could be had.',
  },
  upstream_unavailable: {
    httpStatus: 503,
    retryable: true,
    expose: false,
    meaning: 'An AWS API could not be reached or failed on its own side.',
  },
  upstream_rejected: {
    httpStatus: 500,
    retryable: false,
    expose: false,
    meaning: 'An AWS API refused the shape of a call of ours.',
  },
  timed_out: {
    httpStatus: 504,
    retryable: true,
    expose: false,
    meaning: 'A call did not end within its deadline.',
  },
  resource_missing: {
    httpStatus: 503,
    retryable: false,
    expose: false,
    meaning: 'A table, role or endpoint that must exist does not.',
  },
  condition_lost: {
    httpStatus: 409,
    retryable: true,
    expose: false,
    meaning: 'Somebody else wrote first.',
  },
  control_unconfirmed: {
    httpStatus: 503,
    retryable: true,
    expose: false,
    meaning: 'The strongly consistent set did not confirm an order, which the routing table has.',
  },
  answer_malformed: {
    httpStatus: 502,
    retryable: false,
    expose: false,
    meaning: 'An answer did not have the shape that its contract promises.',
  },
  invalid_event: {
    httpStatus: 400,
    retryable: false,
    expose: true,
    meaning: 'A function was invoked with an event that it does not understand.',
  },
  version_unknown: {
    httpStatus: 404,
    retryable: false,
    expose: true,
    meaning: 'The history holds no such version of the route.',
  },
  audit_unwritable: {
    httpStatus: 503,
    retryable: true,
    expose: true,
    meaning: 'The audit entry of an operation could not be written, so nothing was done.',
  },
  version_forbidden: {
    httpStatus: 409,
    retryable: false,
    expose: true,
    meaning: 'The version of the route holds targets that its residency forbids today.',
  },
  route_unknown: {
    httpStatus: 404,
    retryable: false,
    expose: true,
    meaning: 'The configuration has no such model or residency.',
  },
  hold_unknown: {
    httpStatus: 404,
    retryable: false,
    expose: true,
    meaning: 'No hold of that route stands in the control item of that region.',
  },
  region_unknown: {
    httpStatus: 404,
    retryable: false,
    expose: true,
    meaning: 'No discovery of that account and region has ever reported.',
  },
  key_unknown: {
    httpStatus: 404,
    retryable: false,
    expose: true,
    meaning: 'No API key has that id.',
  },
  key_slots_taken: {
    httpStatus: 409,
    retryable: false,
    expose: true,
    meaning: 'A tenant has two live API keys of one label already.',
  },
  key_not_live: {
    httpStatus: 409,
    retryable: false,
    expose: true,
    meaning: 'The API key has expired or is revoked.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type ErrorCode = keyof typeof errorCatalogue;

/** An error of the catalogue. `message` says what happened here; facts are for operators. */
export function houseError(
  code: ErrorCode,
  options: {
    readonly message: string;
    readonly facts?: Readonly<Record<string, unknown>>;
    readonly cause?: unknown;
  },
): HouseError {
  const { httpStatus, retryable, expose } = errorCatalogue[code];
  return new HouseError({ code, httpStatus, retryable, expose, ...options });
}
