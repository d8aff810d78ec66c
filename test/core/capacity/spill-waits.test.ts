import { expect, it } from 'vitest';
import { bulkBeside, interactiveAlone } from '../../../bench/capacity/spill-waits.ts';

const calls = 40_000;

it.each([
  [32, false, 0.85],
  [32, true, 0.9],
  [64, false, 0.6],
  [64, true, 0.85],
])(
  'at 0.9 of the load a tenth of a wait keeps calls on %i slots (each alone: %s): at most %d of the spills',
  (slots, alone, part) => {
    const never = interactiveAlone({ slots, load: 0.9, policy: 'never', alone, calls });
    const expected = interactiveAlone({ slots, load: 0.9, policy: 'expected', alone, calls });
    expect(expected.spilledShares.interactive).toBeLessThan(never.spilledShares.interactive * part);
    expect(expected.usedShare).toBeGreaterThan(never.usedShare);
    expect(expected.waitMs.interactive.mean).toBeLessThan(50);
    expect(expected.waitMs.interactive.p95).toBeLessThanOrEqual(500);
  },
);

it('nobody waits longer than a tenth under overload, and no slot is left unused for it', () => {
  const never = interactiveAlone({ slots: 64, load: 1.25, policy: 'never', calls });
  const expected = interactiveAlone({ slots: 64, load: 1.25, policy: 'expected', calls });
  expect(expected.waitMs.interactive.p95).toBeLessThanOrEqual(500.001);
  expect(expected.usedShare).toBeGreaterThan(never.usedShare);
});

it('bulk that waits for half of its time spills at most half as often, and costs interactive calls two of a hundred', () => {
  const [never, half] = [bulkBeside(0.4, 0, calls), bulkBeside(0.4, 0.5, calls)];
  expect(half.spilledShares.bulk).toBeLessThan(never.spilledShares.bulk / 2);
  expect(half.spilledShares.interactive).toBeLessThan(0.02);
});
