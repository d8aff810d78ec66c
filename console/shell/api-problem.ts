/** An answer that is no success, or none at all, in words for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** HTTP status; 0 where nobody answered. */
  readonly status: number;
  /** The gateway's own code, such as `invalid_api_key`; `unreachable` where nobody answered. */
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const isApiProblem = (error: unknown): error is ApiProblem => error instanceof ApiProblem;

/** What the gateway said, from the body of a refusal in any of its formats. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const error = memberOf(body, 'error');
  const code = textOf(memberOf(error, 'code')) ?? textOf(memberOf(body, 'code')) ?? `http_${status}`;
  const message = textOf(memberOf(error, 'message')) ?? textOf(memberOf(body, 'message'));
  return new ApiProblem(status, code, message ?? `The gateway answered ${status}.`);
}

export function unreachable(error: unknown): ApiProblem {
  const detail = error instanceof Error ? ` (${error.message})` : '';
  return new ApiProblem(0, 'unreachable', `The gateway does not answer${detail}. Is it running?`);
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
