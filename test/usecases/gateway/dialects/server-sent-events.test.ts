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
