import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byLane, type PoolLoss, poolLoss } from '#core/capacity/reservation-loss.ts';

/** High 32 and low 48 Erlangs, the published case of the trunk reservation table. */
const highAndLow = (slots: number, slotsReserved: number, [high, low] = [32, 48]): PoolLoss =>
  poolLoss(slots, {
    interactive: { offeredErlangs: high ?? 0, slotsReserved: 0 },
    standard: { offeredErlangs: 0, slotsReserved },
    bulk: { offeredErlangs: low ?? 0, slotsReserved },
  });

const percent = (share: number): string => (share * 100).toPrecision(share < 0.01 ? 2 : 3);

describe('a pool of 64 slots at 1.25 times its load', () => {
  it.each([
    [0, '23.5', '23.5', 0.956],
    [2, '5.45', '37.8', 0.939],
    [4, '1.50', '43.6', 0.915],
    [8, '0.14', '51.5', 0.863],
  ])('with %i in reserve blocks what the closed form says', (reserved, high, low, used) => {
    const { blockedShares, usedShare } = highAndLow(64, reserved);
    expect([percent(blockedShares.interactive), percent(blockedShares.bulk)]).toEqual([high, low]);
    expect(usedShare).toBeCloseTo(used, 3);
  });

  it('serves both lanes better than 40 slots for the one and 24 for the other', () => {
    const high = highAndLow(40, 0, [32, 0]);
    const low = highAndLow(24, 0, [0, 48]);
    expect(percent(high.blockedShares.interactive)).toBe('2.68');
    expect(percent(low.blockedShares.bulk)).toBe('51.8');
    expect((high.usedShare * 40 + low.usedShare * 24) / 64).toBeCloseTo(0.848, 3);
  });
});

describe('the loss of any pool', () => {
  /** Erlang’s recursion, which has nothing in common with sums of weights. */
  const erlangB = (slots: number, erlangs: number): number => {
    let blocked = 1;
    for (let servers = 1; servers <= slots; servers += 1)
      blocked = (erlangs * blocked) / (servers + erlangs * blocked);
    return blocked;
  };

  it('is Erlang’s where nothing is kept back', () => {
    for (const [slots, erlangs] of [
      [1, 1],
      [16, 20],
      [64, 80],
      [1000, 950],
      [4000, 5000],
    ] as const)
      expect(highAndLow(slots, 0, [erlangs / 4, (erlangs * 3) / 4]).blockedShares.bulk).toBeCloseTo(
        erlangB(slots, erlangs),
        9,
      );
  });

  it('conserves calls, blocks a lower lane more, and a higher one less with each slot kept back', () => {
    const pool = fc.record({
      slots: fc.integer({ min: 2, max: 200 }),
      offered: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.01, max: 2, noNaN: true }))),
      kept: fc.tuple(
        fc.double({ min: 0, max: 0.98, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
    });
    fc.assert(
      fc.property(pool, ({ slots, offered, kept }) => {
        const bulk = Math.floor(kept[0] * (slots - 1));
        const standard = Math.floor(kept[1] * bulk);
        const solve = (bulkReserved: number) => {
          const reserved = { interactive: 0, standard, bulk: bulkReserved };
          const erlangs = { interactive: offered[0], standard: offered[1], bulk: offered[2] };
          const demands = byLane((lane) => ({
            offeredErlangs: (erlangs[lane] ?? 0) * slots,
            slotsReserved: reserved[lane],
          }));
          return { demands, loss: poolLoss(slots, demands) };
        };
        const { demands, loss } = solve(bulk);
        const { interactive, standard: middle, bulk: low } = loss.blockedShares;
        const carried = (['interactive', 'standard', 'bulk'] as const).reduce(
          (sum, lane) => sum + demands[lane].offeredErlangs * (1 - loss.blockedShares[lane]),
          0,
        );
        expect(carried / slots).toBeCloseTo(loss.usedShare, 8);
        expect(interactive).toBeLessThanOrEqual(middle + 1e-12);
        expect(middle).toBeLessThanOrEqual(low + 1e-12);
        if (bulk + 1 < slots)
          expect(solve(bulk + 1).loss.blockedShares.interactive).toBeLessThanOrEqual(interactive + 1e-12);
      }),
    );
  });
});
