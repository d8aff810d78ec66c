import { gatewayErrorStatus, responseHeaders } from '#contract/http.ts';
import type { ErrorFormat } from './dialects/dialect.ts';
import { openAiErrors } from './dialects/openai-errors.ts';
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

export function labelHeaders(labels: AnswerLabels): Headers {
  const { target } = labels;
  const values: readonly (readonly [string, string | undefined])[] = [
    [responseHeaders.requestId, labels.requestId],
    [responseHeaders.model, labels.model],
    [responseHeaders.target, target?.id],
    [responseHeaders.region, target?.region],
    [responseHeaders.reach, labels.reach?.join(',')],
    [responseHeaders.scope, target?.scope],
    [responseHeaders.tier, labels.tier],
    [responseHeaders.residency, labels.residency],
    [responseHeaders.attempts, labels.attempts?.toString()],
    [responseHeaders.maxTokens, labels.maxTokens?.toString()],
  ];
  const headers = new Headers(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const { rateHeaders } = labels;
  if (rateHeaders !== undefined) {
    for (const [name, value] of Object.entries(rateHeaders)) headers.set(name, value);
  }
  return headers;
}

export function answerJson(body: unknown, labels: AnswerLabels, status = 200): Response {
  const headers = labelHeaders(labels);
  headers.set('content-type', 'application/json');
  return new Response(JSON.stringify(body), { status, headers });
}

/** An error in the caller's wire format. */
export function answerRefusal(
  refusal: Refusal,
  labels: AnswerLabels,
  errors: ErrorFormat = openAiErrors,
): Response {
  const { code, message, param, retryAfterMs, gateways, allow } = refusal;
  const status = gatewayErrorStatus[code];
  const error = { status, code, message, param, gateways, requestId: labels.requestId };
  const headers = labelHeaders(labels);
  headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(errors.headers(error))) headers.set(name, value);
  if (!worthRetrying.has(code)) headers.set(responseHeaders.shouldRetry, 'false');
  if (allow !== undefined) headers.set('allow', allow.join(', '));
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (retryAfterMs !== undefined) {
    headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    headers.set('retry-after-ms', String(Math.ceil(retryAfterMs)));
  }
  return new Response(JSON.stringify(errors.body(error)), { status, headers });
}
