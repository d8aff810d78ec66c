import { expect, it } from 'vitest';
import { disabledTargetSchema, readDisabledTarget } from '#contract/disabled-item.ts';

const word = { target: 'a', by: 'ada', reason: 'slow', until: '2026-11-21T08:00:00.000Z' };

it('is a target, who, why and until when in UTC', () => {
  expect(disabledTargetSchema.safeParse(word).success).toBe(true);
  for (const wrong of [{ target: '' }, { until: 'soon' }, { until: '2026-11-21T08:00:00+01:00' }, { by: 7 }])
    expect(disabledTargetSchema.safeParse({ ...word, ...wrong }).success).toBe(false);
});

it('holds whatever is said of when it was ordered, and by which order', () => {
  const told = { ...word, since: '2026-11-21T07:00:00.000Z', orderId: 'b7e2' };
  expect(disabledTargetSchema.parse(told)).toEqual(told);
  expect(disabledTargetSchema.parse({ ...word, since: 'then', orderId: 'of Erika' })).toEqual(word);
});

it('disables where it cannot be read: to its end, or for good where that cannot be read either', () => {
  expect(readDisabledTarget(word, 'other')).toEqual(word);
  const newer = { target: { id: 'a' }, until: word.until };
  expect(readDisabledTarget(newer, 'a')).toMatchObject({ target: 'a', until: word.until });
  for (const unread of [undefined, 'a', { until: 'soon' }])
    expect(Date.parse(readDisabledTarget(unread, 'a').until)).toBeGreaterThan(Date.UTC(9999));
});
