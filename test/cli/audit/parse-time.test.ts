import { expect, it } from 'vitest';
import { parseTime } from '#cli/audit/parse-time.ts';

it('reads a day as its beginning or its end, and a time as it is', () => {
  expect(parseTime('2026-11-21', 'from')).toBe(Date.UTC(2026, 10, 21));
  expect(parseTime('2026-11-21', 'to')).toBe(Date.UTC(2026, 10, 22) - 1);
  expect(parseTime('2026-11-21T08:30:00Z', 'to')).toBe(Date.UTC(2026, 10, 21, 8, 30));
});

it.each(['yesterday', '2026-13-01', '2026-02-30', '2026-02-30T08:00:00Z', '2026-11-21T08:00', '21.11.2026'])(
  'rejects %s',
  (text) => {
    expect(() => parseTime(text, 'from')).toThrow(/--from must be a day or a time in UTC/);
  },
);
