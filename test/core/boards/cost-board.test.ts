import { expect, it } from 'vitest';
import { panelsOf } from '#core/boards/board.ts';
import { costBoard } from '#core/boards/cost-board.ts';

it('leads from all tenants to one', () => {
  expect(costBoard.rows.map((row) => row.title)).toEqual(['All tenants', 'By tenant']);
  const shown = panelsOf(costBoard).flatMap(({ series }) =>
    series.flatMap((each) => (each.kind === 'search' ? [each.metric] : [])),
  );
  expect([...new Set(shown)].sort()).toEqual([
    'Cost',
    'EstimatedUsage',
    'InputTokens',
    'OutputTokens',
    'Requests',
    'ServiceCost',
    'TenantCost',
    'TenantInputTokens',
    'TenantOutputTokens',
  ]);
});
