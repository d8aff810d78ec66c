import { tiers } from '../target.ts';
import type { Board } from './board.ts';
import { each, formula, hidden, percentiles, share, total, totalsBy } from './panel-series.ts';

const where = { Model: { chosen: 'model' } } as const;
const firstWhere = { FirstModel: { chosen: 'model' } } as const;

const periodSeconds = 300;
const third = { width: 8, periodSeconds } as const;
const half = { width: 12, periodSeconds } as const;

export const modelBoard: Board = {
  id: 'model',
  title: 'One model',
  question: 'How does one model do in a gateway region?',
  place: 'chosen-region',
  rows: [
    {
      title: 'Answers',
      panels: [
        {
          title: 'Requests by tier',
          question: 'Who answers?',
          ...{ ...third, kind: 'stacked', unit: 'count' },
          series: totalsBy('Tier', tiers, { metric: 'Requests', where }),
        },
        {
          title: 'Requests without an answer, by outcome',
          question: 'How do the others end?',
          ...{ ...third, kind: 'stacked', unit: 'count' },
          series: [each('errors', { metric: 'Errors', statistic: 'Sum', where })],
        },
        {
          title: 'Fallbacks',
          question: 'How often was the first choice not the one that answered, and why?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [
            ...total('spilled', 'spilled to another tier', { metric: 'Spilled', where }),
            ...total('failovers', 'further attempts', { metric: 'Failovers', where }),
            ...total('ejections', 'targets left out', { metric: 'Ejections', where }),
          ],
        },
      ],
    },
    {
      title: 'Speed',
      panels: [
        {
          title: 'Time to first token',
          question: 'How long do callers wait for the first word?',
          ...{ ...half, kind: 'series', unit: 'milliseconds' },
          series: percentiles('TimeToFirstToken', ['p50', 'p95', 'p99'], where),
        },
        {
          title: 'Time per output token',
          question: 'How fast does the text come?',
          ...{ ...half, kind: 'series', unit: 'milliseconds' },
          series: percentiles('TimePerOutputToken', ['p50', 'p95', 'p99'], where),
        },
        {
          title: 'Wait for a slot',
          question: 'How long do requests wait before they are sent or go elsewhere?',
          ...{ ...half, kind: 'series', unit: 'milliseconds' },
          series: percentiles('QueueWait', ['p50', 'p95'], where),
        },
        {
          title: 'Cold targets',
          question: 'How often was a dedicated target without a copy, or had to be woken?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: [
            ...total('cold', 'requests that met none', { metric: 'ColdStarts', where }),
            ...total('woken', 'calls to wake one', { metric: 'WakeUps', where }),
          ],
        },
      ],
    },
    {
      title: 'Use',
      panels: [
        {
          title: 'Tokens',
          question: 'How much is read and written?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [
            ...total('read', 'read', { metric: 'InputTokens', where }),
            ...total('written', 'written', { metric: 'OutputTokens', where }),
          ],
        },
        {
          title: 'Cost',
          question: 'What do its answers cost?',
          ...{ ...third, kind: 'stacked', unit: 'USD an hour' },
          series: totalsBy('Tier', tiers, { metric: 'Cost', where, times: 3_600 / periodSeconds }),
        },
        {
          title: 'Share of slots and cache in use',
          question: 'How full are its dedicated copies?',
          ...{ kind: 'series', unit: 'percent', width: 8, periodSeconds: 60 },
          series: [
            ...total('slots', 'slots', { metric: 'SlotsReservedShare', where, times: 100 }),
            ...total('cache', 'cache', { metric: 'KvReservedShare', where, times: 100 }),
          ],
          thresholds: [{ value: 90, meaning: 'requests are about to spill', severity: 'look' }],
        },
        {
          title: 'Chains that it begins',
          question: 'How many calls has a chain, and how many chains meet a cold target?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: [
            ...total('chains', 'chains', { metric: 'Chains', where: firstWhere }),
            ...total('cold', 'cold chains', { metric: 'ColdChains', where: firstWhere }),
            hidden('calls', { metric: 'ChainCalls', statistic: 'Sum', where: firstWhere }),
            formula('fanOut', 'calls a chain', 'SUM(calls) / SUM(chains)'),
          ],
        },
        {
          title: 'Answers whose use was estimated',
          question: 'For which part of the answers are tokens and cost a guess?',
          ...{ ...half, kind: 'series', unit: 'percent' },
          series: share('estimated', { metric: 'EstimatedUsage', where }, { metric: 'Requests', where }),
        },
      ],
    },
  ],
};
