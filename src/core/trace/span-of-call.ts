/**
 * core/trace: W3C trace context (https://www.w3.org/TR/trace-context/), without clock or chance.
 *
 * Invariant: the caller's trace id travels on unchanged; each call to a target is a span of its own. The folder owns no
 * state: ids are derived from the request id, so that a replay names the same spans.
 */
import { stableHashes } from '../units/stable-hash.ts';

/** Flags of a trace that begins here: `01` where its spans are recorded. */
const flagsOf = (sampled: boolean): string => (sampled ? '01' : '00');

/** The `traceparent` of one call: version 00, the trace, this call's span, the caller's flags. */
export function spanOfCall(call: {
  /** The caller's `traceparent`, checked. */
  readonly caller?: string | undefined;
  readonly requestId: string;
  /** What tells this call from the others of the request; each target is called once. */
  readonly targetId: string;
  /** Where the caller brought no trace: whether spans of this one are recorded. @default false */
  readonly sampled?: boolean | undefined;
}): string {
  const { caller, requestId, targetId, sampled = false } = call;
  const [, callersTrace, , callersFlags] = caller?.split('-') ?? [];
  const trace = callersTrace ?? rootTraceId(requestId);
  return `00-${trace}-${spanIdOfCall(requestId, targetId)}-${callersFlags ?? flagsOf(sampled)}`;
}

/** Of a trace that begins with this request. */
export function rootTraceId(requestId: string): string {
  return hexOf(`${requestId} trace`, 4);
}

/** 16 hex digits: the span of a request's call to one target. */
export function spanIdOfCall(requestId: string, targetId: string): string {
  return hexOf(`${requestId} ${targetId}`, 2);
}

/** 16 hex digits: the span of the request itself. No target's id is one word. */
export function spanIdOfRequest(requestId: string): string {
  return hexOf(`${requestId} request`, 2);
}

/** The trace of a checked `traceparent`: 32 hex digits that are the same for all calls of one request of an application. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}

/** By table: of a number above 2³¹ `toString(16)` takes 700 ns, and a call needs six. */
const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

function hexOfWord(word: number): string {
  const byteAt = (shift: number): string => hexOfByte[(word >>> shift) & 0xff] ?? '';
  return byteAt(24) + byteAt(16) + byteAt(8) + byteAt(0);
}

/** `words` × 32 bits of the text in hex; never all zero, which W3C forbids. */
function hexOf(text: string, words: number): string {
  let hex = '';
  for (const part of stableHashes(text, words)) hex += hexOfWord(part);
  return /[1-9a-f]/.test(hex) ? hex : hex.replace(/0$/, '1');
}
