import { expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { slotsReservedFor } from '#core/capacity/reservation.ts';
import acme from '#examples/acme.config.ts';

const violationsOf = (parts: object) => {
  const result = parseConfig({ ...acme, ...parts });
  return result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`);
};

it('refuses shares that are none, and settings that a lane does not have', () => {
  const lanes = {
    interactive: { blockedShareMax: 0, turnShareMin: 0.1 },
    standard: { offeredShare: 5 },
    bulk: { slotShareMin: 1.5, turnShareMin: 0.5 },
    waitShareMax: -1,
  };
  expect(violationsOf({ lanes })).toEqual([
    'lanes.interactive.blockedShareMax: 0 must be a number from 0.0001 to 1',
    expect.stringMatching(/^lanes\.interactive\.turnShareMin: is not a setting/),
    'lanes.standard.offeredShare: 5 must be a number from 0 to 4',
    'lanes.bulk.slotShareMin: 1.5 must be a number from 0 to 1',
    'lanes.bulk.turnShareMin: 0.5 must be a number from 0 to 0.4',
    'lanes.waitShareMax: -1 must be a number from 0 to 1',
  ]);
});

it('refuses lanes of tenants that are none', () => {
  const tenants = { one: { residencies: ['us'], lanes: [], lane: 'urgent' } };
  expect(violationsOf({ tenants })).toEqual([
    'tenants.one.lanes: [] must name at least one lane',
    'tenants.one.lane: "urgent" must be "interactive", "standard" or "bulk"',
  ]);
});

it('gives settings from which reservations follow', () => {
  const result = parseConfig(acme);
  if (!result.ok) throw new Error('the example is sound');
  const { lanes } = result.config;
  expect(lanes.waitShareMax).toBe(0.1);
  const reserved = (slots: number) =>
    (['interactive', 'standard', 'bulk'] as const).map((lane) => slotsReservedFor(lane, slots, lanes));
  expect(reserved(64)).toEqual([0, 2, 5]);
});
