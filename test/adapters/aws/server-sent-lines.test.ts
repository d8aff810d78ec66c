import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { containerFailure, serverSentLines } from '#adapters/aws/server-sent-lines.ts';
import { eventFrame, payloadPart } from '#test/builders/event-stream-frame.ts';

function reading(missing?: string) {
  const heard: string[] = [];
  const lines = serverSentLines({
    verbatim: true,
    read: (data) => void heard.push(data),
    missing: () => missing,
  });
  const take = (...frames: readonly Buffer[]) => {
    for (const frame of new EventStreamDecoder().push(Buffer.concat(frames))) lines.take(frame, []);
  };
  return { heard, lines, take };
}

describe('server-sent lines', () => {
  it('are the data of events, whatever the parts and the ends of lines are', () => {
    const text = 'event: x\r\ndata: {"a":"grün"}\r\n\r\n: note\n{"b":1}\ndata:[DONE]';
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { heard, lines, take } = reading();
      take(payloadPart(bytes.subarray(0, at)), eventFrame('Other', {}), payloadPart(bytes.subarray(at)));
      lines.finish([]);
      expect(heard).toEqual(['{"a":"grün"}', '{"b":1}', '[DONE]']);
    }
  });

  it('fail where their format lacks its end, and hand on whether pieces follow', () => {
    const { lines } = reading('its end');
    expect(() => lines.finish([])).toThrow(/ended without its end/);
    expect(lines.verbatim).toBe(true);
  });

  it('tell a container’s own failure with its status', () => {
    expect(containerFailure('no', 429).signal).toMatchObject({
      errorName: 'ModelError',
      originalStatusCode: 429,
    });
    expect(containerFailure(undefined, undefined).signal.message).toBe('the container reported an error');
  });
});
