import type { Lane } from '#core/capacity/lane.ts';

/** What a caller will do, as the world draws it before the run. */
export interface SimulatedRequest {
  /** Unique in the run, counted from 1. */
  readonly id: number;
  /** Epoch milliseconds at which it comes to its gateway. */
  readonly atMs: number;
  /** Region of the gateway that it comes to. */
  readonly gateway: string;
  readonly tenant: string;
  /** The residency that it names. @default - the tenant's own */
  readonly residency?: string | undefined;
  /** Logical model. */
  readonly model: string;
  readonly lane: Lane;
  /** True token counts; a target that answers to its end writes `outputTokens`. 1 or more. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the caller allows. @default - the model's own default */
  readonly maxTokens?: number | undefined;
  readonly streamed: boolean;
  /** The caller goes away that long after it came. @default - it waits for its answer */
  readonly leavesAfterMs?: number | undefined;
  /** Milliseconds that the caller gives the call. @default - the configuration's own deadline */
  readonly deadlineMs?: number | undefined;
  /** W3C trace context: calls of one chain share the trace id. @default - it is of no chain */
  readonly traceparent?: string | undefined;
}
