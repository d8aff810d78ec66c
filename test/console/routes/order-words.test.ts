import { expect, it } from 'vitest';
import { doneWords, titles } from '../../../console/routes/order-words.ts';

const route = { model: 'chat-small', residency: 'us', version: 3 };
const done = { operation: 'pin', auditId: 'request-1', by: 'ada' };
const hold = { until: '2026-11-22T10:00:00.000Z' };

it('says which version stands, until when, and with whose targets', () => {
  expect(doneWords({ ...route, name: 'pin' }, { ...done, version: 3, hold })).toBe(
    'Version 3 is held until 2026-11-22 10:00 UTC.',
  );
  const rollback = { ...route, name: 'rollback', standing: 5, hasForbidden: false } as const;
  expect(doneWords(rollback, { ...done, version: 6, hold })).toBe(
    'Version 6 stands now, with the targets of version 3, and is held until 2026-11-22 10:00 UTC.',
  );
});

it('says whether somebody else still holds what was let go', () => {
  const lift = { ...route, name: 'lift' } as const;
  expect(doneWords(lift, { ...done, standing: [] })).toMatch(/^Nobody holds it now/);
  expect(doneWords(lift, { ...done, standing: [{ region: 'eu-west-1' }] })).toBe(
    'It still is held in eu-west-1.',
  );
  expect(titles.lift(3)).toBe('Lift the hold');
});
