import { expect, it } from 'vitest';
import { panelsOf } from '#core/boards/board.ts';
import { routingBoard } from '#core/boards/routing-board.ts';

it('leads from answers to what went wrong before them', () => {
  expect(routingBoard.rows.map((row) => row.title)).toEqual([
    'Service level',
    'Answers',
    'What went wrong before an answer came',
    'The gateway itself',
  ]);
  const shown = panelsOf(routingBoard).flatMap(({ series }) =>
    series.flatMap((each) => (each.kind === 'search' ? [each.metric] : [])),
  );
  expect([...new Set(shown)].sort()).toEqual([
    'AuditRecordsUnsent',
    'Ejections',
    'Errors',
    'Events',
    'Failovers',
    'FailoversByClass',
    'GatewayStartTime',
    'Requests',
    'RetriesRefused',
    'ServiceCalls',
    'ServiceFailures',
    'SlowStarts',
    'Spilled',
  ]);
});
