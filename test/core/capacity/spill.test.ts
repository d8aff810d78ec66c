import { describe, expect, it } from 'vitest';
import { isSpill, ownReserve, spilledPerMinute, spillWaitShare, waitsUnasked } from '#core/capacity/spill.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const dedicated = aDedicatedTarget();
const from = {
  gatewayRegion: 'us-east-1',
  wantedTier: 'serverless',
  route: [dedicated, east, west],
} as const;

describe('a spilled request', () => {
  it('is one that wanted a better tier', () => {
    expect(isSpill({ target: east, tier: 'serverless' }, { ...from, wantedTier: 'dedicated' })).toBe(true);
    expect(isSpill({ target: dedicated, tier: 'dedicated' }, { ...from, wantedTier: 'dedicated' })).toBe(
      false,
    );
  });

  it('is one that left the targets of its own region', () => {
    expect(isSpill({ target: east, tier: 'serverless' }, from)).toBe(false);
    expect(isSpill({ target: west, tier: 'serverless' }, from)).toBe(true);
  });

  it('is none where its own region has no target of the tier', () => {
    expect(isSpill({ target: west, tier: 'serverless' }, { ...from, route: [dedicated, west] })).toBe(false);
  });
});

it('leaves a target’s own traffic what it may not take itself, rounded in favour of the own', () => {
  expect([ownReserve(10, 0.8), ownReserve(10, 1), ownReserve(3, 0.5)]).toEqual([2, 0, 2]);
});

it('takes so many tokens a minute of what a gateway region may, and all where nothing is kept', () => {
  expect([spilledPerMinute(10_000, 0.8), spilledPerMinute(3, 0.5), spilledPerMinute(1, 0.5)]).toEqual([
    8_000, 1, 1,
  ]);
  expect(spilledPerMinute(10_000, 1)).toBeUndefined();
});

it('waits as its lane may; bulk whatever is expected, unless it may not wait at all', () => {
  const waits = { waitShareMax: 0.1, bulkWaitShareMax: 0.5 };
  expect((['interactive', 'standard', 'bulk'] as const).map((lane) => spillWaitShare(lane, waits))).toEqual([
    0.1, 0.1, 0.5,
  ]);
  expect((['interactive', 'standard', 'bulk'] as const).map((lane) => waitsUnasked(lane, waits))).toEqual([
    false,
    false,
    true,
  ]);
  expect(waitsUnasked('bulk', { ...waits, bulkWaitShareMax: 0 })).toBe(false);
});
