/**
 * What one request was, in numbers. An adapter writes it as embedded metrics into the log stream: no call on the
 * request path, never throws. Labels come from closed lists or the configuration; no tenant data, no text.
 */
import type { WorkKind } from '#core/call/work.ts';
import type { Lane } from '#core/capacity/lane.ts';
import type { DroppableFeature } from '#core/chat/droppable-feature.ts';
import type { JsonWay, JsonWayReason } from '#core/decide/json-way.ts';
import type { Tier } from '#core/target.ts';

export interface AttemptRecord {
  readonly target: string;
  readonly tier: Tier;
  /** `answered`, or an outcome of `core/failures/failure-table.ts`. */
  readonly outcome: string;
  readonly durationMs: number;
  /** From the request's arrival to this call. @default - nobody records spans, or listens to the gateway */
  readonly startedMs?: number | undefined;
  /** What it was called without, since it is known not to take it. At least one. @default - nothing */
  readonly dropped?: readonly DroppableFeature[] | undefined;
  /** How a target of Bedrock was made to answer in JSON. @default - it was asked for none */
  readonly jsonWay?: JsonWay | undefined;
  readonly jsonWayReason?: JsonWayReason | undefined;
}

export interface ChainRecord {
  /** Logical model of the chain's first call. */
  readonly firstModel: string;
  readonly isFirst: boolean;
  /** It is the chain's first call that a target without a copy kept waiting or sent elsewhere. */
  readonly turnedCold: boolean;
  /** Calls that were sent only to wake what the chain will need. */
  readonly preWarms: number;
}

/** A call of a chain whose calls come to several processes, which only the table knows together. */
export interface ChainCallRecord extends ChainRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Calls that it stands for, since not every chain is followed: 0 where the call's own was not. */
  readonly weight: number;
}

export interface RequestRecord {
  /** Epoch milliseconds at the end of the request. */
  readonly at: number;
  readonly requestId: string;
  /** A logical model of the configuration. */
  readonly model: string;
  readonly work: WorkKind;
  readonly residency: string;
  readonly tenant: string;
  readonly lane: Lane;
  /** Tier of the target that answered, or of the last one tried. Undefined when none was called. */
  readonly tier?: Tier | undefined;
  readonly target?: string | undefined;
  /** `answered`, `resumed` (by another target, after a break), `cancelled` or an error code of `contract/http.ts`. */
  readonly outcome: string;
  /** Targets asked on the answer's path, in order, also those that no call could reach. Wake-up calls are not among them. */
  readonly attempts: readonly AttemptRecord[];
  /** Calls sent only to wake a scaled-to-zero target. */
  readonly wakeUps: number;
  /** Times that a target was asked for a slot and gave none. */
  readonly leaseDenials: number;
  /** How long it waited for slots, before it went to the next tier or because every target was full; 0 where it did not. */
  readonly slotWaitMs: number;
  /** What it held of the cache of the target that answered: see `kvShareHeld`. @default - its cache limits nothing */
  readonly kvReservedShare?: number | undefined;
  /** How long it held a slot of the target that answered. @default - nothing limits the slots of that target */
  readonly slotHeldMs?: number | undefined;
  /** That time over what this gateway region may lend of the dedicated target in a minute. @default - as above, or not dedicated */
  readonly slotsReservedShare?: number | undefined;
  /** A dedicated target without a copy kept it waiting, or sent it elsewhere. @default - none did */
  readonly metCold?: true | undefined;
  /** Times that the retry budget kept it from the best target that was left. @default 0 */
  readonly retriesRefused?: number | undefined;
  /** 32 hex digits: of the caller's `traceparent`, or of a trace that began here and is recorded. @default - there is neither */
  readonly traceId?: string | undefined;
  /** How it counts for what callers are promised. @default - not at all: the caller got it wrong, or took it back */
  readonly serviceLevel?: 'met' | 'slow' | 'failed' | undefined;
  /** The answer came from another tier than the best one of the route. */
  readonly spilled: boolean;
  readonly streamed: boolean;
  readonly durationMs: number;
  /** From the request's arrival to the first content. */
  readonly timeToFirstTokenMs?: number | undefined;
  /** Mean time between output tokens after the first; undefined for fewer than two. */
  readonly timePerOutputTokenMs?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cacheReadInputTokens?: number | undefined;
  readonly cacheWriteInputTokens?: number | undefined;
  /** The target told no counts: those above, and the cost, are estimates. @default - they are exact */
  readonly usageEstimated?: true | undefined;
  /** The request's part in its chain. @default - it named no trace, or is told by itself */
  readonly chain?: ChainRecord | undefined;
  /** Of the tokens above; undefined when a price is unknown. */
  readonly costPicoUsd?: bigint | undefined;
}

/** A target, or a whole region, was taken out for everybody of the gateway region. */
export interface EjectionRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  /** A target id, or a region's key. */
  readonly target: string;
  /** The logical model of the call that showed it. */
  readonly model: string;
}

export interface GatewayMetrics {
  record(record: RequestRecord): void;
  ejected(ejection: EjectionRecord): void;
  /** Something that operators count: `bad-route-item`, `bad-key-item`, `bad-health-item`, `bad-learned-item`, `health-unshared`, `learning-unshared`, `refresh-failed`, `signal-lost`, `last-good-failed`, `limits-degraded`, `lease-lost`, `capacity-unknown`, `spans-lost`. */
  count(event: GatewayEvent): void;
}

/** Where a process sees but one call of most chains, they are counted apart from the requests. */
export interface ChainMetrics {
  chainCalled(call: ChainCallRecord): void;
}

export type GatewayEvent =
  | 'bad-route-item'
  | 'bad-key-item'
  | 'bad-health-item'
  | 'bad-learned-item'
  | 'health-unshared'
  | 'learning-unshared'
  | 'refresh-failed'
  | 'signal-lost'
  | 'last-good-failed'
  | 'limits-degraded'
  | 'lease-lost'
  | 'capacity-unknown'
  | 'spans-lost';
