import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanOfCall } from '#core/trace/span-of-call.ts';

const caller = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

describe('the span of a call', () => {
  it('keeps the trace and the flags of the caller, and is a span of its own for each target', () => {
    const first = spanOfCall({ caller, requestId: 'r', targetId: 'a' });
    const second = spanOfCall({ caller, requestId: 'r', targetId: 'b' });
    expect(first).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(new Set([first, second, caller]).size).toBe(3);
  });

  it('begins a trace of its own for a caller without one, the same for all calls of the request', () => {
    const traces = ['a', 'b'].map((targetId) => spanOfCall({ requestId: 'r', targetId }).split('-')[1]);
    expect(traces[0]).toBe(traces[1]);
    expect(spanOfCall({ requestId: 's', targetId: 'a' }).split('-')[1]).not.toBe(traces[0]);
  });

  it('is well formed for any request and target', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (requestId, targetId) => {
        expect(spanOfCall({ requestId, targetId })).toMatch(traceparent);
      }),
    );
  });
});
