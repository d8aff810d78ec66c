import { expect, it } from 'vitest';
import { slotsReservedFor } from '#core/capacity/reservation.ts';
import { type LaneSettings, reservedSlots } from '#core/capacity/reservation-sizes.ts';

const settings: LaneSettings = {
  interactive: { blockedShareMax: 0.015, offeredShare: 0.4 },
  standard: { blockedShareMax: 0.15, offeredShare: 0.35, slotShareMin: 0.9, turnShareMin: 0.1 },
  bulk: { offeredShare: 0.5, slotShareMin: 0.8, turnShareMin: 0.1 },
};

it('answers what was worked out for the size and the settings', () => {
  const easy = { ...settings, interactive: { blockedShareMax: 0.2, offeredShare: 0.4 } };
  for (const slots of [64, 16, 64, 1])
    for (const each of [settings, easy])
      for (const lane of ['interactive', 'standard', 'bulk'] as const)
        expect(slotsReservedFor(lane, slots, each)).toBe(reservedSlots(slots, each)[lane]);
  expect(slotsReservedFor('bulk', 64, easy)).toBeLessThan(slotsReservedFor('bulk', 64, settings));
});

it('looks up, however many sizes there were', () => {
  for (let slots = 1; slots <= 1100; slots += 1)
    slotsReservedFor('bulk', slots % 40 === 0 ? slots : 8, settings);
  let sum = 0;
  for (let call = 0; call < 100_000; call += 1) sum += slotsReservedFor('bulk', 64, settings);
  expect(sum).toBe(500_000);
});
