import type { SpillwayConfig } from '#contract/config.ts';
import { requestHeaders, responseHeaders } from '#contract/http.ts';
import type { Batch } from '#core/batch/batch.ts';
import type { BatchLine } from '#core/batch/batch-line.ts';
import { narrowScopes } from '#core/keys/narrow-scopes.ts';
import type { GatewayAnswer } from '../gateway/gateway-answer.ts';
import type { GatewayRequest } from '../gateway/gateway-request.ts';
import type { Tenant } from '../ports/tenant-directory.ts';

/** Calls are told apart by path alone. */
const ORIGIN = 'http://batch.invalid';

/** Whose lines they are, as far as the configuration of today and the key of then allow both. */
export function tenantOf(config: SpillwayConfig, { tenant, scopes }: Batch): Tenant {
  const configured = config.tenants[tenant];
  // Of a tenant that is no more nothing is allowed: every line is refused by the gateway's own stages.
  const allowed =
    configured === undefined ? { residencies: [], models: [] } : narrowScopes(configured, scopes);
  return { name: tenant, residencies: allowed.residencies, models: allowed.models };
}

/** A line as a caller in the lane of bulk would have sent it, under the batch's residency. */
export function requestOfLine(
  batch: Batch,
  line: BatchLine,
  how: { readonly tenant: Tenant; readonly signal: AbortSignal; readonly traceparent?: string },
): GatewayRequest {
  const { tenant, signal, traceparent } = how;
  const headers = new Headers({
    'content-type': 'application/json',
    [requestHeaders.residency]: batch.residency,
    [requestHeaders.lane]: 'bulk',
    ...(traceparent === undefined ? {} : { [requestHeaders.traceparent]: traceparent }),
  });
  const body = once(new TextEncoder().encode(JSON.stringify(line.body)));
  return { method: 'POST', url: ORIGIN + batch.endpoint, headers, signal, body, tenant };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What an answer means for a line that nobody waits for. */
export type LineAnswer =
  | { readonly kind: 'result'; readonly status: number; readonly requestId: string; readonly body: string }
  /** Somebody else's turn: no capacity, a limit of the tenant, or a table that cannot tell. */
  | { readonly kind: 'not-now'; readonly retryAfterMs: number }
  /** Nobody answered: worth another try. The result stands for the last one. */
  | { readonly kind: 'failed'; readonly status: number; readonly requestId: string; readonly body: string }
  /** The dispatcher stops. */
  | { readonly kind: 'left' };

const LEFT_STATUS = 499;
const RETRY_AFTER_MS = 1_000;

export async function lineAnswerOf({ status, headers, body }: GatewayAnswer): Promise<LineAnswer> {
  if (status === LEFT_STATUS) return { kind: 'left' };
  if (status === 429 || status === 503) {
    const told = Number(headers.get('retry-after-ms') ?? RETRY_AFTER_MS);
    return { kind: 'not-now', retryAfterMs: Number.isFinite(told) ? Math.max(0, told) : RETRY_AFTER_MS };
  }
  const requestId = headers.get(responseHeaders.requestId) ?? '';
  const text = typeof body === 'string' ? body : 'null';
  return { kind: status >= 500 ? 'failed' : 'result', status, requestId, body: text };
}
