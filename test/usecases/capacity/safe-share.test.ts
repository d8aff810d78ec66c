import { expect, it } from 'vitest';
import { safeShareOf } from '#usecases/capacity/safe-share.ts';

const limit = { target: 'chat', slots: 10, copies: 1 };
const lent = (count: number, kvTokens = 0) => Array.from({ length: count }, () => ({ kvTokens }));

it('is a process’s part of the slots, rounded down, with its part of what is reserved', () => {
  const share = safeShareOf({ limit, kvTokens: 0, slotsReserved: 0 }, 3);
  expect([share.hasRoom(lent(2)), share.hasRoom(lent(3))]).toEqual([true, false]);
  expect(safeShareOf({ limit, kvTokens: 0, slotsReserved: 1 }, 3).hasRoom(lent(2))).toBe(false);
  expect(safeShareOf({ limit, kvTokens: 0, slotsReserved: 0 }, 11).hasRoom([])).toBe(false);
});

it('is a part of the KV tokens too', () => {
  const demand = { limit: { ...limit, kvTokens: 100 }, kvTokens: 20, slotsReserved: 0 };
  const share = safeShareOf(demand, 2);
  expect([share.hasRoom(lent(1, 30)), share.hasRoom(lent(1, 31))]).toEqual([true, false]);
});
