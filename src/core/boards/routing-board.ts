import { tiers } from '../target.ts';
import type { Board } from './board.ts';
import { each, percentiles, share, total, totalsBy } from './panel-series.ts';

const periodSeconds = 300;
const half = { width: 12, periodSeconds } as const;

export const routingBoard: Board = {
  id: 'routing',
  title: 'Routing and fallbacks',
  question: 'Who answers the requests of a gateway region, and how often not the one that should?',
  place: 'chosen-region',
  rows: [
    {
      title: 'Service level',
      panels: [
        {
          title: 'Failed calls',
          question: 'Which part of the calls that the service level counts failed?',
          ...{ ...half, kind: 'series', unit: 'percent' },
          series: share('failed', { metric: 'ServiceFailures' }, { metric: 'ServiceCalls' }),
        },
        {
          title: 'Slow starts',
          question: 'Which part of them began to answer later than they should?',
          ...{ ...half, kind: 'series', unit: 'percent' },
          series: share('slow', { metric: 'SlowStarts' }, { metric: 'ServiceCalls' }),
        },
      ],
    },
    {
      title: 'Answers',
      panels: [
        {
          title: 'Requests by tier',
          question: 'Which tier carries the traffic?',
          ...{ ...half, kind: 'stacked', unit: 'count' },
          series: totalsBy('Tier', tiers, { metric: 'Requests' }),
        },
        {
          title: 'Requests without an answer',
          question: 'How do requests end that nobody answered, and for which model?',
          ...{ ...half, kind: 'stacked', unit: 'count' },
          series: [each('errors', { metric: 'Errors', statistic: 'Sum' })],
        },
        {
          title: 'Share without an answer',
          question: 'Which part of all requests got none?',
          ...{ ...half, kind: 'series', unit: 'percent' },
          series: share('without an answer', { metric: 'Errors' }, { metric: 'Requests' }),
          thresholds: [{ value: 1, meaning: 'one in a hundred', severity: 'act' }],
        },
        {
          title: 'Spilled share',
          question: 'How often did another tier answer than the best one of the route?',
          ...{ ...half, kind: 'series', unit: 'percent' },
          series: share('spilled', { metric: 'Spilled' }, { metric: 'Requests' }),
        },
      ],
    },
    {
      title: 'What went wrong before an answer came',
      panels: [
        {
          title: 'Further attempts by model',
          question: 'Which model’s first choices fail?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: [each('failovers', { metric: 'Failovers', statistic: 'Sum' })],
        },
        {
          title: 'Further attempts by failure',
          question: 'Is it quota, capacity, something broken, or the request itself?',
          ...{ ...half, kind: 'stacked', unit: 'count' },
          series: [each('classes', { metric: 'FailoversByClass', statistic: 'Sum' })],
        },
        {
          title: 'Ejections',
          question: 'Which model’s targets or regions were left out because their calls failed?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: [each('ejections', { metric: 'Ejections', statistic: 'Sum' })],
        },
        {
          title: 'Retries refused',
          question: 'Was the retry budget spent, so that a storm was cut short?',
          ...{ ...half, kind: 'series', unit: 'count' },
          series: total('refused', 'refused', { metric: 'RetriesRefused' }),
        },
      ],
    },
    {
      title: 'The gateway itself',
      panels: [
        {
          title: 'Events',
          question: 'What happened that an operator should know?',
          ...{ ...half, kind: 'stacked', unit: 'count' },
          series: [each('events', { metric: 'Events', statistic: 'Sum' })],
        },
        {
          title: 'Start of a process',
          question: 'How long until a new process has its routes?',
          ...{ kind: 'series', unit: 'milliseconds', width: 6, periodSeconds },
          series: percentiles('GatewayStartTime', ['p50', 'p95']),
        },
        {
          title: 'Audit records that were not sent',
          question: 'Are there records that stand in the log alone?',
          ...{ kind: 'number', unit: 'count', width: 6, periodSeconds },
          series: total('unsent', 'records', { metric: 'AuditRecordsUnsent' }),
          thresholds: [
            { value: 1, meaning: 'the trail has a gap until they are handed in', severity: 'look' },
          ],
        },
      ],
    },
  ],
};
