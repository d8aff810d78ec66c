import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisScale } from '#simulator/report/axis-scale.ts';

const room = { pixels: [0, 100], ticksMax: 5 } as const;

describe('an axis', () => {
  it('begins at 0 and has round ticks', () => {
    const { at, ticks } = axisScale({ label: '', unit: 'ms' }, [12, 46], room);
    expect(ticks).toEqual([0, 10, 20, 30, 40, 50]);
    expect([at(0), at(50)]).toEqual([0, 100]);
  });

  it('has the ticks of a clock, and ends where the run ends', () => {
    const { at, ticks } = axisScale({ label: '', unit: 'run-ms' }, [0, 86_400_000], { ...room, ticksMax: 8 });
    expect(ticks.map((tick) => tick / 3_600_000)).toEqual([0, 4, 8, 12, 16, 20, 24]);
    expect(at(86_400_000)).toBe(100);
  });

  it('goes to all of a share, where most of it is used', () => {
    expect(axisScale({ label: '', unit: 'share' }, [0, 0.9], room).ticks.at(-1)).toBeCloseTo(1, 9);
    expect(axisScale({ label: '', unit: 'share' }, [0, 0.04], room).ticks.at(-1)).toBeCloseTo(0.04, 9);
  });

  it('counts in whole things', () => {
    expect(axisScale({ label: '', unit: 'count' }, [0, 2], room).ticks).toEqual([0, 1, 2]);
  });

  it('steps by factors where it is logarithmic', () => {
    const { at, ticks } = axisScale({ label: '', unit: 'ms', scale: 'log' }, [10, 1_000], room);
    expect(ticks.map(Math.round)).toEqual([10, 30, 100, 300, 1_000]);
    expect(at(100)).toBeCloseTo(50, 9);
  });

  it('keeps what it shows inside, has ticks, and never too many, whatever the values', () => {
    const value = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    const unit = fc.constantFrom('ms' as const, 'run-ms' as const, 'share' as const, 'count' as const);
    const scale = fc.constantFrom('linear' as const, 'log' as const);
    fc.assert(
      fc.property(value, value, fc.record({ unit, scale }), (one, other, kind) => {
        const range = [Math.min(one, other), Math.max(one, other)] as const;
        const { at, ticks } = axisScale({ label: '', ...kind }, range, room);
        expect(ticks.length).toBeLessThanOrEqual(kind.scale === 'log' ? 17 : 8);
        for (const shown of [...range, ...ticks]) {
          expect(at(shown)).toBeGreaterThanOrEqual(-0.01);
          expect(at(shown)).toBeLessThanOrEqual(100.01);
        }
      }),
    );
  });
});
