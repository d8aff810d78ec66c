import { describe, expect, it } from 'vitest';
import { EventStreamParser } from '../../../console/shell/event-stream.ts';

const stream =
  ': hello\n\nevent: tick\nid: 7\ndata: {"a":1}\n\ndata: one\ndata: two\r\n\r\nid: 8\n\ndata:last\rretry: 5\r\n\n';

const expected = [
  { event: 'tick', data: '{"a":1}', id: '7' },
  { event: 'message', data: 'one\ntwo', id: '7' },
  { event: 'message', data: 'last', id: '8' },
];

describe('a stream of events', () => {
  it('is read the same wherever it is cut', () => {
    for (let at = 0; at <= stream.length; at += 1) {
      const parser = new EventStreamParser();
      expect([...parser.take(stream.slice(0, at)), ...parser.take(stream.slice(at))]).toEqual(expected);
    }
  });

  it('fails on an event that never ends', () => {
    const parser = new EventStreamParser();
    const part = `data: ${'x'.repeat(1_000_000)}\n`;
    expect(() => {
      for (let count = 0; count < 5; count += 1) parser.take(part);
    }).toThrow(RangeError);
  });
});
