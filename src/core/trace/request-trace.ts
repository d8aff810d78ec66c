import { rootTraceId, spanIdOfRequest } from './span-of-call.ts';

/** Where a request of ours stands in its trace. */
export interface RequestTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the request's own span, parent of those of its calls to targets. */
  readonly spanId: string;
  /** The caller's span. Undefined where the request is the beginning of its trace. */
  readonly parentSpanId?: string | undefined;
  /** Somebody wants the spans of this trace: its caller, or for a beginning our own share. */
  readonly sampled: boolean;
}

const SAMPLED_FLAG = 1;
/** As many values as eight hex digits have. */
const DRAWS = 2 ** 32;

/**
 * @param request.caller the caller's `traceparent`, checked
 * @param request.rootShare of the traces that begin here, the share that is recorded: 0 to 1
 */
export function traceOfRequest(request: {
  readonly caller?: string | undefined;
  readonly requestId: string;
  readonly rootShare: number;
}): RequestTrace {
  const { caller, requestId, rootShare } = request;
  const spanId = spanIdOfRequest(requestId);
  const [, traceId, parentSpanId, flags] = caller?.split('-') ?? [];
  if (traceId !== undefined && flags !== undefined)
    return { traceId, spanId, parentSpanId, sampled: (Number.parseInt(flags, 16) & SAMPLED_FLAG) === 1 };
  const own = rootTraceId(requestId);
  // By the id and not by chance, so that a replay samples the same ones.
  const drawn = Number.parseInt(own.slice(-8), 16);
  return { traceId: own, spanId, sampled: drawn < rootShare * DRAWS };
}
