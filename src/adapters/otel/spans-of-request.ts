/**
 * A request as spans, by OpenTelemetry's conventions for generative AI: one of the request and under it one of each call to
 * a target, which has the id that was sent to the target as `traceparent`.
 *
 * Invariant: attributes are ids, names of the configuration, closed words and numbers; nothing that was asked or answered.
 */
import { type Attributes, type HrTime, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { WorkKind } from '#core/call/work.ts';
import type { Target, TargetKind } from '#core/target.ts';
import { spanIdOfCall } from '#core/trace/span-of-call.ts';
import { isDelivered } from '#usecases/gateway/settle.ts';
import type { AttemptRecord, RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import type { TracedRequest } from '#usecases/ports/request-spans.ts';
import { upstreamAddress } from '../aws/upstream-address.ts';

export interface SpanOrigin {
  readonly resource: Resource;
  /** One origin that stands for every AWS service. @default AWS's own */
  readonly endpoint?: string | undefined;
}

/** `count_tokens` is ours: the conventions have no word for it. */
const operations = {
  chat: 'chat',
  embedding: 'embeddings',
  'count-tokens': 'count_tokens',
} as const satisfies Record<WorkKind, string>;

/** `aws.sagemaker` is ours, in the manner of the conventions' `aws.bedrock`. */
const providers = { bedrock: 'aws.bedrock', sagemaker: 'aws.sagemaker' } as const satisfies Record<
  TargetKind,
  string
>;

const scope = { name: 'spillway' } as const;

export function spansOfRequest(request: TracedRequest, origin: SpanOrigin): readonly ReadableSpan[] {
  const { record } = request;
  const calls = record.attempts.map((attempt, index) => spanOfCall(request, { attempt, index, origin }));
  return [spanOfWhole(request, origin), ...calls];
}

function spanOfWhole(request: TracedRequest, origin: SpanOrigin): ReadableSpan {
  const { record, trace, startedAt } = request;
  const { traceId, spanId, parentSpanId } = trace;
  const target = targetOf(request, record.target);
  const failed = isDelivered(record.outcome) ? undefined : record.outcome;
  const attributes = {
    ...namesOf(record, record.model),
    ...(target === undefined ? {} : answeredBy(target, record)),
    ...usageOf(record),
    ...ownFactsOf(record),
    ...(failed === undefined ? {} : { 'error.type': failed }),
  };
  return madeSpan(origin, {
    name: `${operations[record.work]} ${record.model}`,
    kind: SpanKind.SERVER,
    context: contextOf(traceId, spanId),
    parent: parentSpanId === undefined ? undefined : { ...contextOf(traceId, parentSpanId), isRemote: true },
    startMs: startedAt,
    durationMs: record.durationMs,
    failed,
    attributes,
  });
}

interface CallOf {
  readonly attempt: AttemptRecord;
  readonly index: number;
  readonly origin: SpanOrigin;
}

function spanOfCall(request: TracedRequest, { attempt, index, origin }: CallOf): ReadableSpan {
  const { record, trace, startedAt } = request;
  const { startedMs = 0, outcome } = attempt;
  const target = targetOf(request, attempt.target);
  const isLast = index === record.attempts.length - 1;
  // Until its first content it might have been another's answer; what came after that is its work too.
  const durationMs = isLast
    ? Math.max(attempt.durationMs, record.durationMs - startedMs)
    : attempt.durationMs;
  const failed = outcome === 'answered' || outcome === 'cancelled' ? undefined : outcome;
  const model = target?.modelId ?? record.model;
  const attributes = {
    ...namesOf(record, model),
    ...(target === undefined ? {} : addressOf(target, origin)),
    ...(isLast && failed === undefined ? usageOf(record) : {}),
    'spillway.target': attempt.target,
    'spillway.tier': attempt.tier,
    'spillway.first_content_ms': attempt.durationMs,
    ...(failed === undefined ? {} : { 'error.type': failed }),
  };
  return madeSpan(origin, {
    name: `${operations[record.work]} ${model}`,
    kind: SpanKind.CLIENT,
    context: contextOf(trace.traceId, spanIdOfCall(record.requestId, callOf(record, attempt, index))),
    parent: contextOf(trace.traceId, trace.spanId),
    startMs: startedAt + startedMs,
    durationMs,
    failed,
    attributes,
  });
}

/** What was sent to the target names its span; of a second call to the same one the backend must tell the span apart. */
function callOf({ attempts }: RequestRecord, { target }: AttemptRecord, index: number): string {
  return attempts.findIndex((each) => each.target === target) === index ? target : `${target} ${index}`;
}

function targetOf({ targets }: TracedRequest, id: string | undefined): Target | undefined {
  return id === undefined ? undefined : targets.find((target) => target.id === id);
}

function namesOf(record: RequestRecord, model: string): Attributes {
  return {
    'gen_ai.operation.name': operations[record.work],
    'gen_ai.request.model': model,
    'gen_ai.request.stream': record.streamed,
  };
}

function answeredBy(target: Target, record: RequestRecord): Attributes {
  const names = { 'gen_ai.provider.name': providers[target.kind], 'spillway.target': target.id };
  return isDelivered(record.outcome) ? { ...names, 'gen_ai.response.model': target.modelId } : names;
}

function addressOf(target: Target, { endpoint }: SpanOrigin): Attributes {
  return {
    'gen_ai.provider.name': providers[target.kind],
    'server.address': new URL(upstreamAddress(target, endpoint).origin).hostname,
    'cloud.region': target.region,
    'cloud.account.id': target.account,
  };
}

function usageOf(record: RequestRecord): Attributes {
  const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = record;
  if (inputTokens === undefined) return {};
  return {
    'gen_ai.usage.input_tokens': inputTokens + cacheReadInputTokens + cacheWriteInputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    ...(cacheReadInputTokens === 0 ? {} : { 'gen_ai.usage.cache_read.input_tokens': cacheReadInputTokens }),
  };
}

function ownFactsOf(record: RequestRecord): Attributes {
  const { timeToFirstTokenMs } = record;
  return {
    'spillway.request.id': record.requestId,
    'spillway.tenant': record.tenant,
    'spillway.lane': record.lane,
    'spillway.residency': record.residency,
    'spillway.outcome': record.outcome,
    'spillway.spilled': record.spilled,
    'spillway.slot_wait_ms': record.slotWaitMs,
    ...(record.tier === undefined ? {} : { 'spillway.tier': record.tier }),
    ...(timeToFirstTokenMs === undefined
      ? {}
      : { 'gen_ai.response.time_to_first_chunk': timeToFirstTokenMs / 1000 }),
  };
}

interface SpanFacts {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly startMs: number;
  readonly durationMs: number;
  /** The closed word for what went wrong. */
  readonly failed: string | undefined;
  readonly attributes: Attributes;
}

function madeSpan({ resource }: SpanOrigin, facts: SpanFacts): ReadableSpan {
  const { name, kind, context, parent, startMs, durationMs, failed, attributes } = facts;
  return {
    name,
    kind,
    spanContext: () => context,
    ...(parent === undefined ? {} : { parentSpanContext: parent }),
    startTime: timeOf(startMs),
    endTime: timeOf(startMs + durationMs),
    duration: timeOf(durationMs),
    status: { code: failed === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const contextOf = (traceId: string, spanId: string): SpanContext => ({ traceId, spanId, traceFlags: 1 });

/** Seconds and nanoseconds. */
function timeOf(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}
