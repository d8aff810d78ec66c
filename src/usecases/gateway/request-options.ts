import { requestHeaders } from '#contract/http.ts';
import type { Lane } from '#core/capacity/lane.ts';
import { type LaneRights, laneOfCall } from '#core/capacity/lane-of-call.ts';
import { type CarriedTerms, readTerms } from '#core/chain/carried-terms.ts';
import { traceStateMember } from '#core/trace/trace-state.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { printable } from './printable.ts';
import { passed, refused, type Staged } from './stage.ts';

/** What a caller may ask for in headers, checked. */
export interface RequestOptions {
  readonly lane: Lane;
  /** False: the caller named no lane, and has the tenant's usual one. */
  readonly laneNamed: boolean;
  readonly deadlineMs?: number | undefined;
  readonly costMicroUsdMax?: number | undefined;
  /** A streamed answer that breaks is gone on with by another target. */
  readonly resume: boolean;
  /** As it came, if it is one. */
  readonly traceparent?: string | undefined;
  /** What the caller's `tracestate` says of the chain. @default - nothing that is the tenant's to ask for */
  readonly carried?: CarriedTerms | undefined;
}

/** Our member of `tracestate`. */
export const TRACE_STATE_KEY = 'spillway';

const DEADLINE_MS_MAX = 900_000;
const COST_USD_MAX = 1_000_000;
const CONTINUE = 'continue';
const MICRO_USD_PER_USD = 1_000_000;
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** All bad headers at once; a broken `traceparent` is dropped, as W3C asks. */
export function readRequestOptions(
  headers: GatewayRequest['headers'],
  rights: LaneRights = {},
): Staged<RequestOptions> {
  const violations: string[] = [];
  const lane = laneOf(headers.get(requestHeaders.lane) ?? undefined, rights);
  if (!lane.ok) violations.push(lane.violation);
  const deadlineMs = wholeNumber(headers.get(requestHeaders.deadlineMs));
  if (deadlineMs === null || (deadlineMs !== undefined && (deadlineMs < 1 || deadlineMs > DEADLINE_MS_MAX))) {
    violations.push(`${requestHeaders.deadlineMs} must be a whole number from 1 to ${DEADLINE_MS_MAX}`);
  }
  const costUsdMax = decimal(headers.get(requestHeaders.costUsdMax));
  if (costUsdMax === null || (costUsdMax !== undefined && costUsdMax > COST_USD_MAX)) {
    violations.push(
      `${requestHeaders.costUsdMax} must be an amount in USD from 0 to ${COST_USD_MAX}, such as 0.05`,
    );
  }
  const resume = headers.get(requestHeaders.resume);
  if (resume !== null && resume !== CONTINUE) violations.push(`${requestHeaders.resume} must be ${CONTINUE}`);
  if (violations.length > 0 || !lane.ok) {
    return refused({
      code: 'invalid_request',
      message: violations.join('; '),
      param: violations[0]?.split(' ')[0],
    });
  }
  const named = headers.get(requestHeaders.traceparent) ?? '';
  const traceparent = traceparentPattern.test(named) ? named : undefined;
  return passed({
    lane: lane.lane,
    laneNamed: headers.has(requestHeaders.lane),
    resume: resume !== null,
    deadlineMs: deadlineMs ?? undefined,
    costMicroUsdMax: typeof costUsdMax === 'number' ? microUsdFloor(costUsdMax) : undefined,
    traceparent,
    // Nobody's terms without a trace, as W3C has it.
    ...(traceparent === undefined ? {} : { carried: carriedTerms(headers, rights) }),
  });
}

/** A caller's word as any header: what the tenant may not ask for is nobody's, and no fault of the call. */
function carriedTerms(headers: GatewayRequest['headers'], rights: LaneRights): CarriedTerms | undefined {
  const state = headers.get(requestHeaders.tracestate);
  const text = state === null ? undefined : traceStateMember(state, TRACE_STATE_KEY);
  const terms = text === undefined ? undefined : readTerms(text);
  if (terms === undefined) return undefined;
  return laneOfCall(terms.lane, rights).kind === 'lane' ? terms : undefined;
}

/** Rounded down, since it is a cap; the small addend only undoes binary fractions. */
function microUsdFloor(usd: number): number {
  return Math.floor(usd * MICRO_USD_PER_USD + 0.001);
}

function laneOf(
  asked: string | undefined,
  rights: LaneRights,
): { readonly ok: true; readonly lane: Lane } | { readonly ok: false; readonly violation: string } {
  const found = laneOfCall(asked, rights);
  if (found.kind === 'lane') return { ok: true, lane: found.lane };
  const said = `not "${printable(asked ?? '')}"`;
  const violation =
    found.kind === 'unknown'
      ? `${requestHeaders.lane} must be one of ${found.known.join(', ')}, ${said}`
      : `${requestHeaders.lane} must be one of this tenant's lanes, ${found.allowed.join(', ')}, ${said}`;
  return { ok: false, violation };
}

/** Undefined when absent, null when it is no whole number. */
function wholeNumber(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function decimal(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  return /^\d{1,9}(\.\d{1,12})?$/.test(text) ? Number(text) : null;
}
