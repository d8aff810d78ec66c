/** OpenAI's own error types, by HTTP status; clients branch on them. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

export interface OpenAiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** An error in OpenAI's format. `param` names the member of the body, or the header, that is wrong. */
export function openAiError(error: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly param?: string | undefined;
}): OpenAiErrorBody {
  const { status, code, message, param } = error;
  return { error: { message, type: typeOf(status), param: param ?? null, code } };
}
