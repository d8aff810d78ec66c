import { expect, it } from 'vitest';
import { afterEmpty, afterGrant, paceUnknown, turnsMs } from '#core/queue/grant-pace.ts';

it('knows nothing before two turns in a row', () => {
  expect(turnsMs(paceUnknown, 3, 1000)).toBeUndefined();
  expect(turnsMs(afterGrant(paceUnknown, 1000, true), 3, 1000)).toBeUndefined();
});

it('is the mean of the gaps while somebody waits', () => {
  let pace = paceUnknown;
  for (let at = 1000; at <= 2000; at += 100) pace = afterGrant(pace, at, true);
  expect(turnsMs(pace, 3, 2000)).toBeCloseTo(300);
  pace = afterGrant(pace, 2900, true);
  expect(turnsMs(pace, 1, 2900)).toBeCloseTo(200);
});

it('takes no gap for one in which nobody waited', () => {
  const busy = afterGrant(afterGrant(paceUnknown, 1000, true), 1100, false);
  expect(turnsMs(afterGrant(busy, 9000, true), 1, 9000)).toBeCloseTo(100);
  const left = afterEmpty(afterGrant(afterGrant(paceUnknown, 1000, true), 1100, true));
  expect(turnsMs(afterGrant(left, 9000, true), 1, 9000)).toBeCloseTo(100);
});

it('slows down while a target is silent', () => {
  const pace = afterGrant(afterGrant(paceUnknown, 1000, true), 1100, true);
  expect(turnsMs(pace, 2, 1150)).toBeCloseTo(150);
  expect(turnsMs(pace, 2, 1400)).toBeCloseTo(100);
  expect(turnsMs(pace, 2, 1900)).toBeCloseTo(300);
});
