import { targetGroups } from '../metrics/registry.ts';
import type { Board } from './board.ts';
import { each, formula, hidden, total } from './panel-series.ts';

const ofAccount = { Account: { chosen: 'account' } } as const;

/** What discovery last said: five minutes hold several of its runs. */
const periodSeconds = 300;

export const availabilityBoard: Board = {
  id: 'availability',
  title: 'Availability',
  question: 'Which models can be called in a region, from which account?',
  place: 'chosen-region',
  rows: [
    {
      title: 'All accounts of the region',
      panels: [
        {
          title: 'Models by account',
          question: 'Which tracked model can be called from which account? A gap is a model that cannot.',
          ...{ kind: 'heat', unit: 'count', width: 24, periodSeconds },
          series: [each('models', { metric: 'ModelAvailability', statistic: 'Maximum' })],
          thresholds: [{ value: 1, meaning: 'can be called', severity: 'fine' }],
        },
        {
          title: 'Targets by group',
          question: 'How many targets are usable, and how many are blocked or not known?',
          ...{ kind: 'stacked', unit: 'count', width: 12, periodSeconds },
          series: targetGroups.flatMap((group) => [
            hidden(group, { metric: 'Targets', statistic: 'Maximum', where: { Group: group } }),
            formula(`${group}Total`, group, `SUM(${group})`),
          ]),
        },
        {
          title: 'Usable share',
          question: 'Which part of all targets can be called?',
          ...{ kind: 'number', unit: 'percent', width: 6, periodSeconds },
          series: [
            hidden('usable', { metric: 'Targets', statistic: 'Maximum', where: { Group: 'usable' } }),
            hidden('all', { metric: 'Targets', statistic: 'Maximum' }),
            formula('share', 'usable', '100 * SUM(usable) / SUM(all)'),
          ],
        },
        {
          title: 'Blocked targets by account',
          question: 'In which account is something in the way that a person can remove?',
          ...{ kind: 'table', unit: 'count', width: 6, periodSeconds },
          series: [each('blocked', { metric: 'Targets', statistic: 'Maximum', where: { Group: 'blocked' } })],
        },
      ],
    },
    {
      title: 'One account',
      panels: [
        {
          title: 'Models of the account',
          question: 'How many ways lead to each tracked model?',
          ...{ kind: 'series', unit: 'count', width: 12, periodSeconds },
          series: [each('models', { metric: 'ModelAvailability', statistic: 'Maximum', where: ofAccount })],
        },
        {
          title: 'Targets of the account by group',
          question: 'Since when are targets usable, blocked or unknown?',
          ...{ kind: 'stacked', unit: 'count', width: 12, periodSeconds },
          series: [each('targets', { metric: 'Targets', statistic: 'Maximum', where: ofAccount })],
        },
      ],
    },
    {
      title: 'How far it can be believed',
      panels: [
        {
          title: 'Failed parts of discovery',
          question: 'Where do lists, checks of access or endpoints fail to answer?',
          ...{ kind: 'series', unit: 'count', width: 12, periodSeconds },
          series: [each('errors', { metric: 'DiscoveryErrors', statistic: 'Sum' })],
        },
        {
          title: 'Lost points',
          question: 'Were metrics lost on their way, so that these boards show too little?',
          ...{ kind: 'series', unit: 'count', width: 12, periodSeconds },
          series: total('lost', 'points', { metric: 'PointsLost' }),
          thresholds: [{ value: 1, meaning: 'boards show too little', severity: 'look' }],
        },
      ],
    },
  ],
};
