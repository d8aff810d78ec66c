import { expect, it } from 'vitest';
import { slotShareHeld } from '#core/capacity/slot-share.ts';

it('adds up to the share of all slots that was taken within a minute', () => {
  const heldMs = 6_000;
  // Twenty answers of six seconds keep two slots busy for a minute: half of four.
  expect(20 * slotShareHeld({ heldMs, slots: 4 })).toBeCloseTo(0.5, 12);
  expect(slotShareHeld({ heldMs: 0, slots: 4 })).toBe(0);
});
