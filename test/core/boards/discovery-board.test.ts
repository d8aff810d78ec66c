import { expect, it } from 'vitest';
import { panelsOf } from '#core/boards/board.ts';
import { discoveryBoard } from '#core/boards/discovery-board.ts';

it('tells what only home knows', () => {
  expect(discoveryBoard.rows.map((row) => row.title)).toEqual(['Discovery', 'Plan']);
  const shown = panelsOf(discoveryBoard).flatMap(({ series }) =>
    series.flatMap((each) => (each.kind === 'search' ? [each.metric] : [])),
  );
  expect([...new Set(shown)].sort()).toEqual([
    'BadItems',
    'DiscoveryAge',
    'GuardRefusals',
    'GuardRefusalsStanding',
    'Probes',
    'RegionsSilent',
    'RoutesPublished',
  ]);
});
