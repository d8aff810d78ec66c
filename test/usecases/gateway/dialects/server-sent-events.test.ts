import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sseComment, sseData, sseTyped } from '#usecases/gateway/dialects/server-sent-events.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it('writes each event as one block that ends in a blank line', () => {
  expect(text(sseData([{ a: 'ä\n' }, '[DONE]']))).toBe('data: {"a":"ä\\n"}\n\ndata: [DONE]\n\n');
  expect(text(sseTyped([{ type: 'ping' }]))).toBe('event: ping\ndata: {"type":"ping"}\n\n');
  expect(text(sseComment('heartbeat'))).toBe(': heartbeat\n\n');
});

it('writes nothing for no events', () => {
  expect(sseData([])).toHaveLength(0);
  expect(sseTyped([])).toHaveLength(0);
});

it('writes each event as if it were the only one, whatever was written before and after it', () => {
  const said = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme', minLength: 1_000, maxLength: 2_000 }),
  );
  fc.assert(
    fc.property(fc.array(said, { minLength: 1, maxLength: 60 }), (texts) => {
      const written = texts.map((event) => sseData([{ event }]));
      expect(written.map((bytes) => JSON.parse(text(bytes).slice('data: '.length)).event)).toEqual(texts);
    }),
    { numRuns: 30 },
  );
});
