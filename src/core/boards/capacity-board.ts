import { lanes } from '../capacity/lane.ts';
import type { Board } from './board.ts';
import { each, formula, hidden, percentiles, share, total, totalsBy } from './panel-series.ts';

const periodSeconds = 300;
const third = { width: 8, periodSeconds } as const;
const half = { width: 12, periodSeconds } as const;
/** Shares of a minute are sums over a minute. */
const shareOfMinute = { unit: 'percent', width: 12, periodSeconds: 60 } as const;
const MS_PER_SECOND = 1_000;

/** Time that adds up over a period, as how many had it at a time on average. */
const atATime = 1 / (periodSeconds * MS_PER_SECOND);

export const capacityBoard: Board = {
  id: 'capacity',
  title: 'Capacity and lanes',
  question: 'Is there room, who has it, and who waits?',
  place: 'chosen-region',
  rows: [
    {
      title: 'Dedicated copies',
      panels: [
        {
          title: 'Slots in use',
          question: 'Which part of the slots that this gateway region may lend is taken?',
          ...{ ...shareOfMinute, kind: 'series' },
          series: [
            hidden('slots', { metric: 'SlotsReservedShare', statistic: 'Sum' }),
            { kind: 'formula', id: 'percent', formula: '100 * slots' },
          ],
          thresholds: [{ value: 90, meaning: 'requests are about to spill', severity: 'look' }],
        },
        {
          title: 'Cache in use',
          question: 'Which part of the memory for contexts is reserved?',
          ...{ ...shareOfMinute, kind: 'series' },
          series: [
            hidden('cache', { metric: 'KvReservedShare', statistic: 'Sum' }),
            { kind: 'formula', id: 'percent', formula: '100 * cache' },
          ],
          thresholds: [{ value: 90, meaning: 'requests are about to spill', severity: 'look' }],
        },
        {
          title: 'Slots that were not given',
          question: 'Which model’s targets are full?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [each('denials', { metric: 'LeaseDenials', statistic: 'Sum' })],
        },
        {
          title: 'Wait for a slot, p95',
          question: 'Which model’s requests wait?',
          ...{ ...third, kind: 'series', unit: 'milliseconds' },
          series: [each('wait', { metric: 'QueueWait', statistic: 'p95' })],
        },
        {
          title: 'Cold targets',
          question: 'Which model’s targets had no copy, and how many calls went out to wake them?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [
            each('cold', { metric: 'ColdStarts', statistic: 'Sum', label: 'met none' }),
            each('woken', { metric: 'WakeUps', statistic: 'Sum', label: 'to wake one' }),
          ],
        },
      ],
    },
    {
      title: 'Lanes',
      panels: [
        {
          title: 'Slots at a time',
          question: 'How many slots has each lane, on average?',
          ...{ ...third, kind: 'stacked', unit: 'count' },
          series: totalsBy('Lane', lanes, { metric: 'LaneSlotTime', times: atATime }),
        },
        {
          title: 'Wait by lane, p95',
          question: 'Does a lane wait that should not?',
          ...{ ...third, kind: 'series', unit: 'milliseconds' },
          series: percentiles('LaneQueueWait', ['p95']),
        },
        {
          title: 'Denials by lane',
          question: 'Which lane meets full targets?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [each('denials', { metric: 'LaneDenials', statistic: 'Sum' })],
        },
      ],
    },
    {
      title: 'Chains',
      panels: [
        {
          title: 'Calls a chain',
          question: 'How far do chains fan out?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [
            hidden('calls', { metric: 'ChainCalls', statistic: 'Sum' }),
            hidden('chains', { metric: 'Chains', statistic: 'Sum' }),
            formula('fanOut', 'calls a chain', 'SUM(calls) / SUM(chains)'),
          ],
        },
        {
          title: 'Cold chains',
          question: 'Which part of the chains met a target without a copy?',
          ...{ ...third, kind: 'series', unit: 'percent' },
          series: share('cold', { metric: 'ColdChains' }, { metric: 'Chains' }),
        },
        {
          title: 'Calls to wake targets ahead',
          question: 'How many targets were woken because a chain will probably need them?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [each('woken', { metric: 'PreWarms', statistic: 'Sum' })],
        },
      ],
    },
    {
      title: 'Batches',
      panels: [
        {
          title: 'Lines in and out',
          question: 'Do batches get done as fast as they come?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: [
            ...total('read', 'read', { metric: 'BatchLines' }),
            ...total('completed', 'completed', { metric: 'BatchLinesCompleted' }),
            ...total('failed', 'failed', { metric: 'BatchLinesFailed' }),
          ],
        },
        {
          title: 'Age of lines that ended',
          question: 'How long did the oldest line wait, by model?',
          ...{ ...half, kind: 'series', unit: 'seconds' },
          series: [each('age', { metric: 'BatchLineAge', statistic: 'Maximum' })],
          thresholds: [{ value: 86_400, meaning: 'the day that a batch may take', severity: 'act' }],
        },
        {
          title: 'Dispatchers at work',
          question: 'How many chunks are under way at a time, on average?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: total('held', 'chunks', { metric: 'BatchChunkTime', times: atATime }),
        },
        {
          title: 'Repeated calls',
          question: 'How many calls were made again because a dispatcher died?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: [each('repeated', { metric: 'BatchCallsRepeated', statistic: 'Sum' })],
        },
      ],
    },
  ],
};
