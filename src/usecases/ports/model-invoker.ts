/**
 * Calls one target once. One layer retries, and it is not this one.
 *
 * `converse` resolves when the upstream's answer has begun and throws an `UpstreamFailure` before; the iterable yields
 * canonical events as they arrive and throws an `UpstreamFailure` when the stream breaks, ends without its terminal
 * event, or carries an exception. It never invents a stop. Aborting the signal closes the upstream socket at once.
 * Plain Bedrock targets without streaming are called plainly; their events arrive together.
 */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Target } from '#core/target.ts';

export interface ModelCall {
  readonly target: Target;
  readonly request: ChatRequest;
  /** Always sent: unset would reserve the model's maximum of the token quota. 1 or more. */
  readonly maxTokens: number;
  readonly connectMsMax: number;
  /** W3C trace context to send on. */
  readonly traceparent?: string | undefined;
  /** Told once, when the request begins to leave: what never left is no call. */
  readonly onSent?: (() => void) | undefined;
  readonly signal: AbortSignal;
}

export interface ModelInvoker {
  converse(call: ModelCall): Promise<AsyncIterable<ModelEvent>>;
}

export class UpstreamFailure extends Error {
  readonly signal: UpstreamSignal;
  constructor(signal: UpstreamSignal, cause?: unknown) {
    super(`${signal.service} ${signal.kind}: ${signal.errorName ?? ''} ${signal.message}`, { cause });
    this.name = 'UpstreamFailure';
    this.signal = signal;
  }
}
