import { expect, it } from 'vitest';
import { panelsOf } from '#core/boards/board.ts';
import { capacityBoard } from '#core/boards/capacity-board.ts';

it('tells copies, lanes, chains and batches apart', () => {
  expect(capacityBoard.rows.map((row) => row.title)).toEqual([
    'Dedicated copies',
    'Lanes',
    'Chains',
    'Batches',
  ]);
  const shown = panelsOf(capacityBoard).flatMap(({ series }) =>
    series.flatMap((each) => (each.kind === 'search' ? [each.metric] : [])),
  );
  expect([...new Set(shown)].sort()).toEqual([
    'BatchCallsRepeated',
    'BatchChunkTime',
    'BatchLineAge',
    'BatchLines',
    'BatchLinesCompleted',
    'BatchLinesFailed',
    'ChainCalls',
    'Chains',
    'ColdChains',
    'ColdStarts',
    'KvReservedShare',
    'LaneDenials',
    'LaneQueueWait',
    'LaneSlotTime',
    'LeaseDenials',
    'PreWarms',
    'QueueWait',
    'SlotsReservedShare',
    'WakeUps',
  ]);
});
