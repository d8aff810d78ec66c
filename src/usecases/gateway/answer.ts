import { gatewayErrorStatus, responseHeaders } from '#contract/http.ts';
import type { ErrorFormat } from './dialects/dialect.ts';
import { openAiErrors } from './dialects/openai-errors.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { AnswerLabels, Refusal } from './stage.ts';

/** Retrying these unchanged may help; every other refusal that a client would retry says that it is useless. */
const worthRetrying: ReadonlySet<string> = new Set([
  'capacity_exhausted',
  'rate_limited',
  'internal_error',
  'upstream_failed',
  'auth_unavailable',
  'not_ready',
  'deadline_exceeded',
]);

export function labelHeaders(labels: AnswerLabels): Map<string, string> {
  const { target } = labels;
  const headers = new Map<string, string>();
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) headers.set(name, value);
  };
  set(responseHeaders.requestId, labels.requestId);
  set(responseHeaders.model, labels.model);
  set(responseHeaders.target, target?.id);
  set(responseHeaders.region, target?.region);
  set(responseHeaders.reach, labels.reach?.join(','));
  set(responseHeaders.scope, target?.scope);
  set(responseHeaders.tier, labels.tier);
  set(responseHeaders.residency, labels.residency);
  set(responseHeaders.attempts, labels.attempts?.toString());
  set(responseHeaders.maxTokens, labels.maxTokens?.toString());
  set(responseHeaders.tracestate, labels.traceState);
  return withHeaders(headers, labels.rateHeaders);
}

export function answerJson(body: unknown, labels: AnswerLabels, status = 200): GatewayAnswer {
  const headers = labelHeaders(labels);
  headers.set('content-type', 'application/json');
  return { status, headers, body: JSON.stringify(body) };
}

/** The same headers, with what `more` says beside or instead. */
export function withHeaders(
  headers: Map<string, string>,
  more: Readonly<Record<string, string>> | undefined,
): Map<string, string> {
  for (const name in more) headers.set(name.toLowerCase(), more[name] ?? '');
  return headers;
}

/** An error in the caller's wire format. */
export function answerRefusal(
  refusal: Refusal,
  labels: AnswerLabels,
  errors: ErrorFormat = openAiErrors,
): GatewayAnswer {
  const { code, message, param, retryAfterMs, gateways, allow } = refusal;
  const status = gatewayErrorStatus[code];
  const error = { status, code, message, param, gateways, requestId: labels.requestId };
  const headers = labelHeaders(labels);
  headers.set('content-type', 'application/json');
  withHeaders(headers, errors.headers(error));
  if (!worthRetrying.has(code)) headers.set(responseHeaders.shouldRetry, 'false');
  if (allow !== undefined) headers.set('allow', allow.join(', '));
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (retryAfterMs !== undefined) {
    headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    headers.set('retry-after-ms', String(Math.ceil(retryAfterMs)));
  }
  return { status, headers, body: JSON.stringify(errors.body(error)) };
}
