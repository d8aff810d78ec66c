/** Anthropic's own error types, by HTTP status; clients branch on them. */
const types: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
]);

/** Anthropic's own code for it: clients that hear it send the whole conversation instead. */
const noThreads = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };

export interface AnthropicErrorBody {
  readonly type: 'error';
  readonly error: {
    readonly type: string;
    readonly message: string;
    /** Stable, and ours. */
    readonly code: string;
    readonly param?: string;
    /** Where Anthropic's clients look for a code. */
    readonly details: { readonly error_code: string; readonly unsupported?: readonly string[] };
  };
  readonly request_id: string;
}

/** An error in Anthropic's format. `param` names the member of the body, or the header, that is wrong. */
export function anthropicError(error: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly param?: string | undefined;
  readonly requestId: string;
}): AnthropicErrorBody {
  const { status, code, message, param, requestId } = error;
  const type = types.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  const named = param === undefined ? {} : { param };
  return {
    type: 'error',
    error: { type, message, code, ...named, details: param === 'thread' ? noThreads : { error_code: code } },
    request_id: requestId,
  };
}
