import { describe, expect, it } from 'vitest';
import { leaseExpiry } from '#core/capacity/lease.ts';
import { HeldBlock, REFRESHED_MS } from '#usecases/capacity/held-block.ts';

const at = Date.UTC(2026, 10, 21, 8);
const limit = { target: 'chat', slots: 20, copies: 1, kvTokens: 2000 };
const demand = (leaseId: string, change: object = {}) => ({
  ...{ limit, leaseId, kvTokens: 10, slotsReserved: 0, at },
  ...change,
});
const block = (slots: number, kvTokens: number) => ({
  ...{ slots, kvTokens, wants: { slots, kvTokens }, expiresAt: leaseExpiry(at), sequence: 1 },
});

function held(slots: number, kvTokens = slots * 100): HeldBlock {
  const made = new HeldBlock();
  made.granted(block(slots, kvTokens), at);
  return made;
}

describe('the block that a process holds', () => {
  it('lends as many slots and tokens as it has, until it expires', () => {
    const two = held(2, 25);
    expect(two.take(demand('a'))).toBe(leaseExpiry(at));
    expect(two.take(demand('b', { kvTokens: 16 }))).toBeUndefined();
    expect(two.take(demand('b', { kvTokens: 15 }))).toBe(leaseExpiry(at));
    expect(two.take(demand('c', { kvTokens: 0 }))).toBeUndefined();
    expect(two.held(leaseExpiry(at))).toEqual({ slots: 0, kvTokens: 0 });
  });

  it('keeps its part of what is reserved for higher lanes', () => {
    const five = held(5);
    const bulk = (id: string) => five.take(demand(id, { slotsReserved: 8 }));
    expect([bulk('a'), bulk('b'), bulk('c')].map((lent) => lent !== undefined)).toEqual([true, true, true]);
    expect(bulk('d')).toBeUndefined();
    expect(five.take(demand('e'))).toBe(leaseExpiry(at));
  });

  it('wants what was in use or asked for in vain since the last two refreshes, and a little more', () => {
    const block5 = held(5);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) block5.take(demand(id));
    expect(block5.wants({ slots: 20, kvTokens: 2000 })).toEqual({ slots: 7, kvTokens: 69 });
    expect(block5.wants({ slots: 6, kvTokens: 60 })).toEqual({ slots: 6, kvTokens: 60 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) block5.leases.delete(id);
    block5.granted(block(7, 700), at);
    expect(block5.wants({ slots: 20, kvTokens: 2000 }).slots).toBe(7);
    block5.granted(block(7, 700), at);
    expect(block5.wants({ slots: 20, kvTokens: 2000 }).slots).toBe(0);
  });

  it('is due every few seconds, and shrinks before its store has heard of it', () => {
    const five = held(5);
    expect([five.isDue(at + REFRESHED_MS - 1), five.isDue(at + REFRESHED_MS)]).toEqual([false, true]);
    five.shrinkTo({ slots: 2, kvTokens: 900 });
    expect(five.held(at)).toMatchObject({ slots: 2, kvTokens: 500 });
  });

  it('takes the slots of the youngest calls where it comes back smaller than what is in use', () => {
    const three = held(3);
    for (const id of ['a', 'b', 'c']) three.take(demand(id));
    three.granted(block(1, 100), at);
    expect([...three.leases.keys()]).toEqual(['a']);
  });

  it('ends as soon as it did before when the clock is set back', () => {
    const two = held(2);
    two.take(demand('a'));
    two.setBack(60_000);
    const nowAt = at - 60_000;
    expect([two.expiresAt, two.leases.get('a')?.expiresAt]).toEqual([leaseExpiry(nowAt), leaseExpiry(nowAt)]);
    expect([two.isDue(nowAt + REFRESHED_MS - 1), two.isDue(nowAt + REFRESHED_MS)]).toEqual([false, true]);
  });

  it('forgets a lease that nobody renewed', () => {
    const one = held(1);
    one.take(demand('a'));
    one.dropExpired(leaseExpiry(at) - 1);
    expect(one.leases.size).toBe(1);
    one.dropExpired(leaseExpiry(at));
    expect(one.leases.size).toBe(0);
  });
});
