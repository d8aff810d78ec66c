import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import { spansOfRequest } from '#adapters/otel/spans-of-request.ts';
import { traceOfRequest } from '#core/trace/request-trace.ts';
import { spanIdOfCall, spanOfCall } from '#core/trace/span-of-call.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aTracedRequest } from '#test/builders/a-traced-request.ts';

const resource = resourceFromAttributes({ 'service.name': 'spillway-gateway' });
const gpu = aDedicatedTarget();
const east = aTarget();
const caller = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const spilled = aTracedRequest({
  caller,
  targets: [gpu, east],
  record: {
    attempts: [
      { target: gpu.id, tier: 'dedicated', outcome: 'cold', durationMs: 12.5, startedMs: 1 },
      { target: east.id, tier: 'serverless', outcome: 'answered', durationMs: 300, startedMs: 20 },
    ],
    target: east.id,
  },
});

describe('the spans of a request', () => {
  it('are one of the request under the caller’s, and one of each call to a target under that', () => {
    const [whole, first, second, ...more] = spansOfRequest(spilled, { resource });
    expect(more).toEqual([]);
    expect(whole?.kind).toBe(SpanKind.SERVER);
    expect(whole?.parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
    for (const span of [first, second]) {
      expect(span?.kind).toBe(SpanKind.CLIENT);
      expect(span?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
      expect(span?.spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    }
    // What the target was told is the id of the span.
    const { requestId } = spilled.record;
    const sent = spanOfCall({ caller, requestId, targetId: east.id });
    expect(second?.spanContext().spanId).toBe(sent.split('-')[2]);
  });

  it('are named and described by the conventions for generative AI', () => {
    const [whole, first, second] = spansOfRequest(spilled, { resource });
    expect(whole?.name).toBe('chat chat-small');
    expect(whole?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'aws.bedrock',
      'gen_ai.request.model': 'chat-small',
      'gen_ai.response.model': east.modelId,
      'gen_ai.usage.input_tokens': 105,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 5,
      'gen_ai.response.time_to_first_chunk': 0.09,
    });
    expect(whole?.attributes).not.toHaveProperty('error.type');
    expect(first?.attributes).toMatchObject({
      'gen_ai.provider.name': 'aws.sagemaker',
      'error.type': 'cold',
      'server.address': `runtime.sagemaker.${gpu.region}.amazonaws.com`,
    });
    expect(first?.status.code).toBe(SpanStatusCode.ERROR);
    expect(first?.attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
    expect(second?.name).toBe(`chat ${east.modelId}`);
    expect(second?.attributes).toMatchObject({
      'server.address': `bedrock-runtime.${east.region}.amazonaws.com`,
      'gen_ai.usage.output_tokens': 20,
    });
    expect(second?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('lie where the calls lay, and the one that answered ends with the answer', () => {
    const [whole, first, second] = spansOfRequest(spilled, { resource });
    const { startedAt, record } = spilled;
    const ms = (time: readonly [number, number] | undefined) =>
      time === undefined ? undefined : time[0] * 1000 + time[1] / 1e6 - startedAt;
    expect([ms(whole?.startTime), ms(whole?.endTime)]).toEqual([0, record.durationMs]);
    expect([ms(first?.startTime), ms(first?.endTime)]).toEqual([1, 13.5]);
    expect([ms(second?.startTime), ms(second?.endTime)]).toEqual([20, record.durationMs]);
  });

  it('say in a closed word what went wrong, also of a target that no route knows any more', () => {
    const attempts = [
      { target: 'gone', tier: 'serverless' as const, outcome: 'throttled', durationMs: 5, startedMs: 0 },
    ];
    const record = { attempts, target: 'gone', outcome: 'capacity_exhausted' };
    const [whole, call] = spansOfRequest(aTracedRequest({ targets: [], record }), { resource });
    expect(whole?.attributes['error.type']).toBe('capacity_exhausted');
    expect(whole?.status.code).toBe(SpanStatusCode.ERROR);
    expect(whole?.attributes).not.toHaveProperty('gen_ai.response.model');
    expect(call?.attributes['error.type']).toBe('throttled');
    expect(call?.attributes).not.toHaveProperty('server.address');
  });

  it('tell two calls of the same target apart', () => {
    const twice = ['invalid-request', 'answered'].map((outcome, index) => ({
      ...{ target: east.id, tier: 'serverless' as const, durationMs: 5, startedMs: index * 10 },
      outcome,
    }));
    const request = aTracedRequest({ targets: [east], record: { attempts: twice } });
    const [, first, second] = spansOfRequest(request, { resource });
    const { requestId } = request.record;
    expect(first?.spanContext().spanId).toBe(spanIdOfCall(requestId, east.id));
    expect(second?.spanContext().spanId).not.toBe(first?.spanContext().spanId);
  });

  it('begin a trace without a parent where the caller brought none', () => {
    const [whole] = spansOfRequest(aTracedRequest({ targets: [east] }), { resource });
    expect(whole?.parentSpanContext).toBeUndefined();
    expect(whole?.spanContext().traceId).toBe(traceOfRequest({ requestId: 'r1', rootShare: 1 }).traceId);
  });
});
