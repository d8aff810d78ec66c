import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceOfRequest } from '#core/trace/request-trace.ts';
import { spanOfCall } from '#core/trace/span-of-call.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerOf = (flags: string) => `00-${traceId}-00f067aa0ba902b7-${flags}`;

describe('the trace of a request', () => {
  it.each([
    ['01', true],
    ['00', false],
    ['03', true],
    ['02', false],
    ['ff', true],
  ])('has the caller’s word on sampling, whatever the other flags: %s', (flags, sampled) => {
    for (const rootShare of [0, 1])
      expect(traceOfRequest({ caller: callerOf(flags), requestId: 'r', rootShare })).toMatchObject({
        traceId,
        parentSpanId: '00f067aa0ba902b7',
        sampled,
      });
  });

  it('begins one of its own that is the trace which its targets are told', () => {
    fc.assert(
      fc.property(fc.string(), (requestId) => {
        const trace = traceOfRequest({ requestId, rootShare: 1 });
        const sent = spanOfCall({ requestId, targetId: 'a/b/c', sampled: trace.sampled });
        expect(sent.split('-')[1]).toBe(trace.traceId);
        expect(sent.endsWith('-01')).toBe(true);
        expect(trace.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
        expect(sent.split('-')[2]).not.toBe(trace.spanId);
        expect(trace.parentSpanId).toBeUndefined();
      }),
    );
  });

  it('samples the share that is asked for, the same ones each time', () => {
    const sampled = (rootShare: number) =>
      Array.from({ length: 2_000 }, (_, index) => traceOfRequest({ requestId: `r${index}`, rootShare }))
        .filter((trace) => trace.sampled)
        .map((trace) => trace.traceId);
    expect(sampled(0)).toEqual([]);
    expect(sampled(1)).toHaveLength(2_000);
    // Four standard deviations of 2,000 draws at a quarter are 77.
    expect(Math.abs(sampled(0.25).length - 500)).toBeLessThan(78);
    expect(sampled(0.25)).toEqual(sampled(0.25));
  });
});
