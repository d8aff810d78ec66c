import { expect, it } from 'vitest';
import { availabilityBoard } from '#core/boards/availability-board.ts';
import { panelsOf } from '#core/boards/board.ts';

it('leads from the region to the account, and says how far it can be believed', () => {
  expect(availabilityBoard.rows.map((row) => row.title)).toEqual([
    'All accounts of the region',
    'One account',
    'How far it can be believed',
  ]);
  const shown = panelsOf(availabilityBoard).flatMap(({ series }) =>
    series.flatMap((each) => (each.kind === 'search' ? [each.metric] : [])),
  );
  expect([...new Set(shown)].sort()).toEqual([
    'DiscoveryErrors',
    'ModelAvailability',
    'PointsLost',
    'Targets',
  ]);
});
