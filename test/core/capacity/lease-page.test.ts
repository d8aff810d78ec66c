import { describe, expect, it } from 'vitest';
import { LEASE_OVERDUE_MS } from '#core/capacity/lease.ts';
import {
  admitTo,
  emptyPage,
  kvTokensOn,
  type LeasePage,
  overdueOn,
  releaseFrom,
  renewOn,
} from '#core/capacity/lease-page.ts';

const page = (...leases: readonly [string, number, number][]): LeasePage => ({
  leases: new Map(leases.map(([id, expiresAt, kvTokens]) => [id, { expiresAt, kvTokens }])),
});
const admission = (leaseId: string, changes: object = {}) => ({
  lease: { leaseId, expiresAt: 100, kvTokens: 10 },
  room: { slots: 2, kvTokens: undefined },
  removed: [],
  ...changes,
});

describe('a page', () => {
  it('takes leases up to its room, and the same one once', () => {
    const one = admitTo(emptyPage, admission('a'));
    expect(one).toEqual(page(['a', 100, 10]));
    expect(admitTo(one ?? emptyPage, admission('a'))).toBeUndefined();
    const two = admitTo(one ?? emptyPage, admission('b'));
    expect(kvTokensOn(two ?? emptyPage)).toBe(20);
    expect(admitTo(two ?? emptyPage, admission('c'))).toBeUndefined();
    expect(emptyPage.leases.size).toBe(0);
  });

  it('takes as many KV tokens as it has room for', () => {
    const held = page(['a', 100, 90]);
    const room = { slots: 16, kvTokens: 100 };
    expect(admitTo(held, admission('b', { room }))).toBeDefined();
    expect(admitTo(held, admission('b', { room: { ...room, kvTokens: 99 } }))).toBeUndefined();
  });

  it('lets overdue leases go for a new one, and only as they were seen', () => {
    const held = page(['dead', 50, 90], ['live', 100, 5]);
    const dead = { leaseId: 'dead', expiresAt: 50, kvTokens: 90 };
    const room = { slots: 2, kvTokens: 15 };
    expect(admitTo(held, admission('c', { room, removed: [dead] }))).toEqual(
      page(['live', 100, 5], ['c', 100, 10]),
    );
    expect(admitTo(held, admission('c', { removed: [{ ...dead, expiresAt: 49 }] }))).toBeUndefined();
    expect(admitTo(emptyPage, admission('c', { removed: [dead] }))).toBeUndefined();
  });

  it('calls a lease overdue when two wrong clocks have passed since it expired', () => {
    const held = page(['b', 50, 0], ['a', 50, 7], ['c', 51, 0]);
    expect(overdueOn(held, 50 + LEASE_OVERDUE_MS)).toEqual([
      { leaseId: 'a', expiresAt: 50, kvTokens: 7 },
      { leaseId: 'b', expiresAt: 50, kvTokens: 0 },
    ]);
    expect(overdueOn(held, 49 + LEASE_OVERDUE_MS)).toEqual([]);
  });

  it('renews what is there, never backwards, and releases what is there', () => {
    const held = page(['a', 50, 3]);
    expect(renewOn(held, 'a', { expiresAt: 60, kvTokens: 3 })).toEqual(page(['a', 60, 3]));
    expect(renewOn(held, 'a', { expiresAt: 40, kvTokens: 3 })).toBe(held);
    expect(renewOn(held, 'b', { expiresAt: 60, kvTokens: 3 })).toBeUndefined();
    const grown = { expiresAt: 60, kvTokens: 3, grownTo: 9 };
    expect(renewOn(held, 'a', grown)).toEqual(page(['a', 60, 9]));
    expect(renewOn(held, 'a', { ...grown, expiresAt: 50 })).toBe(held);
    expect(renewOn(held, 'a', { ...grown, grownTo: 2 })).toEqual(page(['a', 60, 3]));
    expect(releaseFrom(held, 'a')).toEqual(emptyPage);
    expect(releaseFrom(held, 'b')).toBe(held);
  });
});
