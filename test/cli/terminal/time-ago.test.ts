import { expect, it } from 'vitest';
import { timeLeft } from '#cli/terminal/time-ago.ts';

it.each([
  ['2026-11-23T07:29:59.000Z', '1d 23h'],
  ['2026-11-23T07:30:59.000Z', '2d'],
  ['2026-11-21T11:29:59.999Z', '3h 59m'],
  ['2026-11-21T07:30:45.900Z', '45s'],
  ['2026-11-21T07:30:00.400Z', '0s'],
  ['2026-11-21T07:00:00.000Z', '0s'],
  ['soon', 'soon'],
])('tells what is left until %s in its two largest units', (time, left) => {
  expect(timeLeft(time, Date.UTC(2026, 10, 21, 7, 30))).toBe(left);
});
