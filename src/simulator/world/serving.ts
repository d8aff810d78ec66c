import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Target } from '#core/target.ts';

/** One call as the place that serves it sees it. */
export interface ServedCall {
  readonly target: Target;
  readonly inputTokens: number;
  /** What it would write were nobody to stop it; what `maxTokens` allows of it. 1 or more. */
  readonly outputTokens: number;
  /** As the call names it: what Bedrock takes from its token quota at the start. */
  readonly maxTokens: number;
}

/** Hears how a call goes. After `finished` or `failed` nothing more comes. */
export interface ServingListener {
  /** The call has left its gateway: once, before anything else, unless it fails without having left. */
  left(): void;
  /** More of the answer is there. @param tokens since the last time, 1 or more */
  wrote(tokens: number): void;
  finished(): void;
  failed(signal: Omit<UpstreamSignal, 'service' | 'phase'>): void;
}

/** A call under way. */
export interface Serving {
  /** Its caller has gone: nothing more is made, and nobody hears of it. What was made by now is paid. */
  abort(): void;
}

/** What stands behind targets: engines, quotas, shortages. Of its listener it calls at once `left` alone. */
export interface ServingWorld {
  begin(call: ServedCall, listener: ServingListener): Serving;
}
