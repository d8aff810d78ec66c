import { expect, it } from 'vitest';
import { printable } from '#usecases/gateway/printable.ts';

it('quotes a caller in one short line of plain characters', () => {
  expect(printable('chat-large')).toBe('chat-large');
  expect(printable('a\r\nset-cookie: ä')).toBe('a??set-cookie: ?');
  expect(printable('x'.repeat(100))).toHaveLength(64);
});
