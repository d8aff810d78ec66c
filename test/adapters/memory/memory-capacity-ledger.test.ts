import { describe, expect, it } from 'vitest';
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { CLOCK_SKEW_MS_MAX, LEASE_MS, LEASE_TRUSTED_MS } from '#core/capacity/lease.ts';
import { memoryRig } from '#test/builders/capacity-rigs.ts';
import { describeCapacityLedger } from '../../port-suites/capacity-ledger.suite.ts';

describeCapacityLedger('memory', { rig: memoryRig, hasNetwork: false });

const at = Date.UTC(2026, 10, 21, 8);
const limit = { target: 'chat', slots: 4, copies: 1 };
const asking = (leaseId: string, changes: object = {}) => ({
  limit,
  leaseId,
  kvTokens: 0,
  slotsReserved: 0,
  at,
  ...changes,
});

describe('slots in memory', () => {
  it('leave to higher lanes exactly what is reserved', () => {
    const ledger = createMemoryCapacityLedger();
    const bulk = ['a', 'b', 'c', 'd'].map((id) => ledger.acquire(asking(id, { slotsReserved: 1 })).granted);
    expect(bulk).toEqual([true, true, true, false]);
    expect(ledger.acquire(asking('e'))).toEqual({ granted: true, expiresAt: at + LEASE_TRUSTED_MS });
    expect(ledger.acquire(asking('f'))).toEqual({ granted: false, reason: 'full' });
  });

  it('come back when their holder is silent, and stay while it renews', () => {
    const ledger = createMemoryCapacityLedger();
    for (const id of ['a', 'b', 'c', 'd']) ledger.acquire(asking(id));
    for (let after = 0; after < 60_000; after += 10_000) ledger.renew(limit, 'a', { at: at + after });
    const later = Array.from({ length: 4 }, (_, index) => {
      return ledger.acquire(asking(`new-${index}`, { at: at + LEASE_MS + CLOCK_SKEW_MS_MAX }));
    });
    expect(later.map(({ granted }) => granted)).toEqual([true, true, true, false]);
    expect(ledger.renew(limit, 'b', { at })).toBe(false);
  });

  it('know the memory of each copy, and put a lease where it is quiet', () => {
    const ledger = createMemoryCapacityLedger();
    const two = { ...limit, slots: 8, copies: 2, kvTokens: 200 };
    const demand = (id: string, kvTokens: number, slotsReserved = 0) =>
      ledger.acquire(asking(id, { limit: two, kvTokens, slotsReserved }));
    expect(demand('z', 101)).toEqual({ granted: false, reason: 'never-fits' });
    expect([demand('a', 60), demand('b', 60)].map(({ granted }) => granted)).toEqual([true, true]);
    expect(demand('c', 41)).toEqual({ granted: false, reason: 'full' });
    // An eighth of the slots, and of the memory.
    expect(demand('d', 40, 1).granted).toBe(true);
    expect(demand('e', 40, 1).granted).toBe(false);
    expect(demand('e', 40).granted).toBe(true);
    ledger.release(two, 'a', at);
    ledger.release(two, 'a', at);
    expect(demand('f', 61).granted).toBe(false);
    expect(demand('f', 60).granted).toBe(true);
  });

  it('do not cut up the memory of fewer slots than copies', () => {
    const ledger = createMemoryCapacityLedger();
    const one = { ...limit, slots: 1, copies: 4, kvTokens: 100 };
    const demand = (id: string, kvTokens: number) =>
      ledger.acquire(asking(id, { limit: one, kvTokens, slotsReserved: 0 }));
    expect(demand('a', 101)).toEqual({ granted: false, reason: 'never-fits' });
    expect(demand('a', 100).granted).toBe(true);
    expect(demand('b', 1)).toEqual({ granted: false, reason: 'full' });
  });
});
