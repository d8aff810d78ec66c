/** What API Gateway answers by itself: a request that never reaches the function, or gets no answer from it. */

/** Said to callers in words that every client makes its own error of. */
export interface FrontDoorAnswer {
  /** API Gateway's name of what happened. */
  readonly type: string;
  /** @default - API Gateway's own for what happened */
  readonly status?: number;
  readonly code: string;
  /** OpenAI's and Anthropic's word for the kind of error. */
  readonly kind: string;
  /** @default - what API Gateway says, such as what is wrong with a signature */
  readonly message?: string;
  /** In seconds. @default - nobody knows whether it helps to ask again */
  readonly retryAfterSeconds?: number;
}

export const frontDoorAnswers: readonly FrontDoorAnswer[] = [
  {
    // Also what Lambda refuses: API Gateway says nothing of why.
    type: 'INTEGRATION_FAILURE',
    status: 503,
    code: 'not_ready',
    kind: 'api_error',
    message: 'The gateway takes no more requests at this moment, or this one is larger than 6 MB.',
    retryAfterSeconds: 1,
  },
  {
    type: 'INTEGRATION_TIMEOUT',
    status: 504,
    code: 'deadline_exceeded',
    kind: 'timeout_error',
    message: 'The gateway did not answer in its time.',
  },
  {
    type: 'THROTTLED',
    status: 429,
    code: 'capacity_exhausted',
    kind: 'rate_limit_error',
    message: 'More requests came than the front door takes in a second.',
    retryAfterSeconds: 1,
  },
  {
    type: 'REQUEST_TOO_LARGE',
    status: 413,
    code: 'request_too_large',
    kind: 'request_too_large',
    message: 'The body is larger than the front door takes: 6 MB.',
  },
  { type: 'DEFAULT_4XX', code: 'front_door_refused', kind: 'invalid_request_error' },
  { type: 'DEFAULT_5XX', code: 'internal_error', kind: 'api_error', message: 'The gateway failed.' },
];

/**
 * The body: OpenAI's clients and Anthropic's read `error`, the latter `type` and `request_id` too, and AWS's `message`. What
 * begins with `$` is API Gateway's to fill in; the message that it has is JSON text already.
 */
export function frontDoorBody({ code, kind, message }: FrontDoorAnswer): string {
  const said = message === undefined ? '$context.error.messageString' : JSON.stringify(message);
  const error = `{"type":"${kind}","message":${said},"param":null,"code":"${code}"}`;
  return `{"type":"error","error":${error},"message":${said},"request_id":"$context.requestId"}`;
}

/** By name. */
export function frontDoorHeaders({ retryAfterSeconds }: FrontDoorAnswer): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
