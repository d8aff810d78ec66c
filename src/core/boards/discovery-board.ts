import type { Board } from './board.ts';
import { each, total } from './panel-series.ts';

/** Plan runs every five minutes at the latest. */
const periodSeconds = 300;

export const discoveryBoard: Board = {
  id: 'discovery',
  title: 'Discovery and plan',
  question: 'Does the product still know what is true, and does it publish it?',
  place: 'home',
  rows: [
    {
      title: 'Discovery',
      panels: [
        {
          title: 'Age of the oldest report',
          question: 'Which account has a region that nobody has heard of lately?',
          ...{ kind: 'series', unit: 'seconds', width: 12, periodSeconds },
          series: [each('age', { metric: 'DiscoveryAge', statistic: 'Maximum' })],
          thresholds: [
            {
              value: 900,
              meaning: 'the guard’s default: nothing is published from older reports',
              severity: 'act',
            },
          ],
        },
        {
          title: 'Silent regions',
          question: 'How many configured regions have not reported?',
          ...{ kind: 'number', unit: 'count', width: 6, periodSeconds },
          series: [each('silent', { metric: 'RegionsSilent', statistic: 'Maximum' })],
          thresholds: [{ value: 1, meaning: 'their targets are marked stale', severity: 'look' }],
        },
        {
          title: 'Proofs by outcome',
          question: 'Do targets answer when verify asks them for one token?',
          ...{ kind: 'stacked', unit: 'count', width: 6, periodSeconds },
          series: [each('probes', { metric: 'Probes', statistic: 'Sum' })],
        },
      ],
    },
    {
      title: 'Plan',
      panels: [
        {
          title: 'Published routes',
          question: 'When did routes change?',
          ...{ kind: 'series', unit: 'count', width: 12, periodSeconds },
          series: total('published', 'routes', { metric: 'RoutesPublished' }),
        },
        {
          title: 'Changes that the guard refused',
          question: 'Which model’s route does the guard hold back?',
          ...{ kind: 'series', unit: 'count', width: 12, periodSeconds },
          series: [each('refused', { metric: 'GuardRefusals', statistic: 'Maximum' })],
        },
        {
          title: 'Routes kept for long',
          question: 'Is there a refusal that does not pass by itself?',
          ...{ kind: 'number', unit: 'count', width: 12, periodSeconds },
          series: [each('kept', { metric: 'GuardRefusalsStanding', statistic: 'Maximum' })],
          thresholds: [{ value: 1, meaning: 'somebody must decide', severity: 'act' }],
        },
        {
          title: 'Unreadable items',
          question: 'Does the table hold items that plan cannot read?',
          ...{ kind: 'number', unit: 'count', width: 12, periodSeconds },
          series: [each('bad', { metric: 'BadItems', statistic: 'Maximum' })],
          thresholds: [{ value: 1, meaning: 'ignored until mended', severity: 'look' }],
        },
      ],
    },
  ],
};
