import { expect, it } from 'vitest';
import { OwedLeases } from '#usecases/capacity/owed-leases.ts';

const at = 1_000_000;
const lease = (storedId: string, changes: object = {}) => ({
  target: 'chat',
  page: 0,
  key: 'chat#0',
  storedId,
  kvTokens: 10,
  slotsReserved: 2,
  expiresAt: at + 24_000,
  ...changes,
});
const demand = (changes: object = {}) => ({
  limit: { target: 'chat', slots: 4, copies: 1 },
  leaseId: 'new',
  kvTokens: 10,
  slotsReserved: 2,
  at,
  ...changes,
});

it('lends again what certainly stands in the store, as long as it does, and never what was asked back', () => {
  const owed = new OwedLeases();
  owed.owe(lease('a'), { state: 'ours', at });
  owed.owe(lease('b'), { state: 'doubtful', at });
  for (const changes of [{ kvTokens: 11 }, { slotsReserved: 3 }, { at: at + 24_000 }])
    expect(owed.reuse(demand(changes))).toBeUndefined();
  expect(owed.reuse(demand({ limit: { target: 'other', slots: 4, copies: 1 } }))).toBeUndefined();
  expect(owed.reuse(demand())).toEqual(lease('a'));
  expect(owed.reuse(demand())).toBeUndefined();
  owed.owe(lease('c'), { state: 'ours', at });
  expect([owed.next(), owed.next(), owed.next()]).toEqual([lease('b'), lease('c'), undefined]);
  expect(owed.reuse(demand())).toBeUndefined();
});

it('asks again for what was not heard of, and has done with what is gone', () => {
  const owed = new OwedLeases();
  owed.owe(lease('a'), { state: 'asking', at });
  expect(owed.next()).toBeUndefined();
  owed.asked(lease('a'), false);
  expect(owed.next()).toEqual(lease('a'));
  owed.asked(lease('a'), true);
  expect(owed.next()).toBeUndefined();
});

it('gives an id another name while a removal under the first may be under way', () => {
  const owed = new OwedLeases();
  expect(owed.freshId('a')).toBe('a');
  owed.owe(lease('a'), { state: 'doubtful', at });
  expect(owed.freshId('a')).toBe('a~2');
  owed.owe(lease('a~2'), { state: 'doubtful', at: at + 27_999 });
  expect(owed.freshId('a')).toBe('a~3');
  owed.owe(lease('b', { expiresAt: at + 90_000 }), { state: 'asking', at: at + 28_000 });
  expect(owed.freshId('a')).toBe('a');
  owed.settled(lease('b'));
  expect(owed.freshId('b')).toBe('b');
});
