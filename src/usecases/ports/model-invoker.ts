/**
 * Calls one target once. One layer retries, and it is not this one.
 *
 * Every call throws an `UpstreamFailure` when it fails before its answer has begun. `converse` resolves when the
 * upstream's answer has begun; the iterable yields canonical events as they arrive and throws an `UpstreamFailure` when
 * the stream breaks, ends without its terminal event, or carries an exception. It never invents a stop. Plain Bedrock
 * targets without streaming are called plainly; their events arrive together. `embed` and `countTokens` resolve with
 * the whole answer. Aborting the signal closes the upstream socket at once.
 */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { SourceBody } from '#core/chat/source-body.ts';
import type { JsonWay } from '#core/decide/json-way.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Target } from '#core/target.ts';

/** What every call of a target has, whatever its work. */
export interface TargetCall {
  readonly target: Target;
  readonly connectMsMax: number;
  /** W3C trace context to send on. */
  readonly traceparent?: string | undefined;
  /** Told once, when the request begins to leave: what never left is no call. */
  readonly onSent?: (() => void) | undefined;
  readonly signal: AbortSignal;
}

export interface ModelCall extends TargetCall {
  readonly request: ChatRequest;
  /**
   * The caller's own body. A target of the same format is sent it, and a streamed answer comes with `verbatim` events, a
   * whole one with `own-members`. @default - everything goes by way of the canonical form
   */
  readonly source?: SourceBody | undefined;
  /** How Bedrock is made to answer in JSON. @default - a tool makes it, where any is asked for */
  readonly jsonWay?: JsonWay | undefined;
  /** Always sent: unset would reserve the model's maximum of the token quota. 1 or more. */
  readonly maxTokens: number;
}

export interface EmbeddingCall extends TargetCall {
  /** Holds no more texts than one call of the target may. */
  readonly request: EmbeddingRequest;
}

interface CountCall extends TargetCall {
  readonly request: ChatRequest;
  /** As in `ModelCall`. */
  readonly jsonWay?: JsonWay | undefined;
}

/** Canonical events as they arrive. */
export interface ModelEvents extends AsyncIterable<ModelEvent> {
  /**
   * Takes the next event if it is here already; undefined when it must be awaited. Events of a target come many in one
   * packet, and a promise for each of them costs more than the event. Not while an awaited one is under way.
   *
   * @default - every event is awaited
   */
  takeArrived?(): ModelEvent | undefined;
  /** An awaited event fails as soon as the call's signal aborts, with its reason. @default - it may be waited for in vain */
  readonly endsWithSignal?: true | undefined;
}

export interface ModelInvoker {
  converse(call: ModelCall): Promise<ModelEvents>;
  embed(call: EmbeddingCall): Promise<EmbeddingAnswer>;
  /** Input tokens that the chat would be charged for. Only Bedrock targets can count. */
  countTokens(call: CountCall): Promise<number>;
  /**
   * Fetches ahead what a call of the target will wait for: the credentials of its account. Nothing is sent to the target.
   * Returns at once and never throws. @default - calls fetch what they need
   */
  prepare?(target: Target): void;
}

export class UpstreamFailure extends Error {
  readonly signal: UpstreamSignal;
  constructor(signal: UpstreamSignal, cause?: unknown) {
    super(`${signal.service} ${signal.kind}: ${signal.errorName ?? ''} ${signal.message}`, { cause });
    this.name = 'UpstreamFailure';
    this.signal = signal;
  }
}
