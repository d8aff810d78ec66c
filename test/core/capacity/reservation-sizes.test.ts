import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolLoss } from '#core/capacity/reservation-loss.ts';
import { type LaneSettings, plannedDemands, reservedSlots } from '#core/capacity/reservation-sizes.ts';
import { onePool, runLanes } from '../../../bench/capacity/lane-pool.ts';

const shipped: LaneSettings = {
  interactive: { blockedShareMax: 0.015, offeredShare: 0.4 },
  standard: { blockedShareMax: 0.15, offeredShare: 0.35, slotShareMin: 0.9, turnShareMin: 0.1 },
  bulk: { offeredShare: 0.5, slotShareMin: 0.8, turnShareMin: 0.1 },
};
/** High 32 and low 48 Erlangs on 64 slots. */
const highAndLow: LaneSettings = {
  interactive: { ...shipped.interactive, offeredShare: 0.5 },
  standard: { ...shipped.standard, offeredShare: 0 },
  bulk: { ...shipped.bulk, offeredShare: 0.75 },
};

const lossOf = (slots: number, settings: LaneSettings) =>
  poolLoss(slots, plannedDemands(slots, reservedSlots(slots, settings), settings));

describe('what is kept in reserve', () => {
  it('is what docs/guides/lanes.md shows', () => {
    const sizes = [1, 4, 5, 8, 16, 32, 64, 128, 256, 1024];
    const rows = sizes.map((slots) => [slots, ...Object.values(reservedSlots(slots, shipped))]);
    expect(rows).toEqual([
      [1, 0, 0, 0],
      [4, 0, 0, 0],
      [5, 0, 0, 1],
      [8, 0, 0, 1],
      [16, 0, 1, 3],
      [32, 0, 2, 6],
      [64, 0, 2, 5],
      [128, 0, 2, 5],
      [256, 0, 2, 5],
      [1024, 0, 2, 4],
    ]);
  });

  it('is 4 of 64 for a high lane and a low one: 1.5 % of the high calls blocked, 0.915 of the pool used', () => {
    expect(reservedSlots(64, highAndLow)).toEqual({ interactive: 0, standard: 0, bulk: 4 });
    const { blockedShares, usedShare } = lossOf(64, highAndLow);
    expect(blockedShares.interactive).toBeLessThanOrEqual(0.015);
    expect(usedShare).toBeGreaterThanOrEqual(0.91);
  });

  it('is the least that keeps the targets, where they can be kept', () => {
    for (const slots of [64, 100, 256, 400])
      for (const settings of [shipped, highAndLow]) {
        const { blockedShares } = lossOf(slots, settings);
        expect(blockedShares.interactive).toBeLessThanOrEqual(0.015);
        if (settings === shipped) expect(blockedShares.standard).toBeLessThanOrEqual(0.15);
        const reserved = reservedSlots(slots, settings);
        const less = {
          ...reserved,
          bulk: reserved.bulk - 1,
          standard: Math.min(reserved.standard, reserved.bulk - 1),
        };
        const without = poolLoss(slots, plannedDemands(slots, less, settings)).blockedShares;
        expect(without.interactive > 0.015 || without.standard > 0.15).toBe(true);
      }
  });

  it('is nothing where nobody else asks', () => {
    const alone = { ...shipped, interactive: { ...shipped.interactive, offeredShare: 0 } };
    expect(reservedSlots(64, { ...alone, standard: { ...shipped.standard, offeredShare: 0 } })).toEqual({
      interactive: 0,
      standard: 0,
      bulk: 0,
    });
  });

  it('never grows beyond what lanes below are sure of, nor with the lane', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const load = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.tuple(load, load, load),
        fc.tuple(share, share),
        (slots, [interactive, standard, bulk], [sure, surer]) => {
          const settings: LaneSettings = {
            interactive: { ...shipped.interactive, offeredShare: interactive },
            standard: { ...shipped.standard, offeredShare: standard, slotShareMin: Math.max(sure, surer) },
            bulk: { ...shipped.bulk, offeredShare: bulk, slotShareMin: Math.min(sure, surer) },
          };
          const reserved = reservedSlots(slots, settings);
          expect(reserved.interactive).toBe(0);
          expect(reserved.standard).toBeLessThanOrEqual(reserved.bulk);
          for (const lane of ['standard', 'bulk'] as const) {
            // An empty pool takes everyone, and the sure share is open.
            expect(reserved[lane]).toBeLessThan(slots);
            expect(slots - reserved[lane]).toBeGreaterThanOrEqual(settings[lane].slotShareMin * slots - 1e-6);
          }
        },
      ),
    );
  });
});

describe('calls that come by chance, over 64 slots at 1.25 of their load', () => {
  const closed = lossOf(64, highAndLow);
  const run = (reserved: { interactive: number; standard: number; bulk: number }) =>
    runLanes({
      offeredErlangs: { interactive: 32, standard: 0, bulk: 48 },
      slots: 64,
      admission: onePool(64, reserved),
      calls: 300_000,
      seed: 20261121,
    });

  it('are blocked as the closed form says, within a tenth', () => {
    const { blockedShares, usedShare } = run(reservedSlots(64, highAndLow));
    for (const lane of ['interactive', 'bulk'] as const)
      expect(Math.abs(blockedShares[lane] / closed.blockedShares[lane] - 1)).toBeLessThan(0.1);
    expect(usedShare).toBeGreaterThanOrEqual(0.91);
    expect(Math.abs(usedShare / closed.usedShare - 1)).toBeLessThan(0.01);
    // Lower calls have at least their floor: here a tenth of the slots.
    expect(48 * (1 - blockedShares.bulk)).toBeGreaterThan(6.4);
  });

  it('fails where the reservation is ignored: fifteen times as many high calls are blocked', () => {
    const { blockedShares } = run({ interactive: 0, standard: 0, bulk: 0 });
    expect(blockedShares.interactive / closed.blockedShares.interactive).toBeGreaterThan(10);
  });
});
