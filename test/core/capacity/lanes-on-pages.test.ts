import { describe, expect, it } from 'vitest';
import { closedForm, simulated } from '../../../bench/capacity/lanes.ts';

/** High 50 % and low 75 % of the slots: 1.25 of the load, on the ledger's own pages of 16 with three tries. */
const onPages = (slots: number, slotsReserved: number) =>
  simulated('pages', { slots, slotsReserved, calls: 45_000 });

describe('lanes on lease pages of 16', () => {
  it('block at most 4 % of the high calls with 0.92 used, with one slot of each page in reserve', () => {
    const { blockedShares, usedShare } = onPages(192, 12);
    expect(blockedShares.interactive).toBeLessThanOrEqual(0.04);
    expect(usedShare).toBeGreaterThanOrEqual(0.92);
  });

  it('block at most 0.5 % of them with 0.88 used, with two', () => {
    const { blockedShares, usedShare } = onPages(192, 24);
    expect(blockedShares.interactive).toBeLessThanOrEqual(0.005);
    expect(usedShare).toBeGreaterThanOrEqual(0.88);
  });

  it('do so too where there are four, which every call sees', () => {
    const { blockedShares, usedShare } = onPages(64, 4);
    expect(blockedShares.interactive).toBeGreaterThan(closedForm(64, 4).blockedShares.interactive);
    expect(blockedShares.interactive).toBeLessThanOrEqual(0.04);
    expect(usedShare).toBeGreaterThanOrEqual(0.92);
  });

  it('fail where the reservation is ignored', () => {
    expect(onPages(192, 0).blockedShares.interactive).toBeGreaterThan(0.2);
  });
});
