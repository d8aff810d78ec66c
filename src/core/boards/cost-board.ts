import { tiers } from '../target.ts';
import type { Board } from './board.ts';
import { each, formula, hidden, share, total, totalsBy } from './panel-series.ts';

/** Money is looked at by the hour. */
const periodSeconds = 3_600;
const half = { width: 12, periodSeconds } as const;
const third = { width: 8, periodSeconds } as const;
const TOKENS_PER_PRICE = 1_000;

const ofTenant = { Tenant: { chosen: 'tenant' } } as const;

export const costBoard: Board = {
  id: 'cost',
  title: 'Cost',
  question: 'What do answers cost, which model and which tenant makes it, and how sure is it?',
  place: 'chosen-region',
  rows: [
    {
      title: 'All tenants',
      panels: [
        {
          title: 'Cost of the gateway region',
          question: 'What do all answers cost together, hour by hour?',
          ...{ ...third, kind: 'series', unit: 'USD' },
          series: total('cost', 'all answers', { metric: 'ServiceCost' }),
        },
        {
          title: 'Cost by tier',
          question: 'Who is paid for answers?',
          ...{ ...third, kind: 'stacked', unit: 'USD' },
          series: totalsBy('Tier', tiers, { metric: 'Cost' }),
        },
        {
          title: 'Cost by model and tier',
          question: 'Which model costs most?',
          ...{ ...third, kind: 'table', unit: 'USD' },
          series: [each('cost', { metric: 'Cost', statistic: 'Sum' })],
        },
        {
          title: 'Cost of 1,000 tokens',
          question: 'Does the same work get dearer?',
          ...{ ...half, kind: 'series', unit: 'USD' },
          series: [
            hidden('cost', { metric: 'Cost', statistic: 'Sum' }),
            hidden('read', { metric: 'InputTokens', statistic: 'Sum' }),
            hidden('written', { metric: 'OutputTokens', statistic: 'Sum' }),
            formula(
              'price',
              'read and written',
              `${TOKENS_PER_PRICE} * SUM(cost) / SUM([SUM(read), SUM(written)])`,
            ),
          ],
        },
        {
          title: 'Estimated share',
          question: 'For which part of the answers are tokens and cost a guess?',
          ...{ ...half, kind: 'series', unit: 'percent' },
          series: share('estimated', { metric: 'EstimatedUsage' }, { metric: 'Requests' }),
        },
        {
          title: 'Tokens read',
          question: 'Which model reads most?',
          ...{ ...half, kind: 'stacked', unit: 'count' },
          series: [each('read', { metric: 'InputTokens', statistic: 'Sum' })],
        },
        {
          title: 'Tokens written',
          question: 'Which model writes most?',
          ...{ ...half, kind: 'stacked', unit: 'count' },
          series: [each('written', { metric: 'OutputTokens', statistic: 'Sum' })],
        },
      ],
    },
    {
      title: 'By tenant',
      panels: [
        {
          title: 'Tenants that cost most',
          question: 'Who makes the bill?',
          ...{ kind: 'table', unit: 'USD', width: 24, periodSeconds },
          series: [
            hidden('cost', { metric: 'TenantCost', statistic: 'Sum' }),
            { kind: 'formula', id: 'most', formula: 'SORT(cost, SUM, DESC, 20)' },
          ],
        },
        {
          title: 'Cost of the tenant',
          question: 'What does one tenant spend?',
          ...{ ...third, kind: 'series', unit: 'USD' },
          series: total('cost', 'cost', { metric: 'TenantCost', where: ofTenant }),
        },
        {
          title: 'Tokens of the tenant',
          question: 'What does it get for that?',
          ...{ ...third, kind: 'series', unit: 'count' },
          series: [
            ...total('read', 'read', { metric: 'TenantInputTokens', where: ofTenant }),
            ...total('written', 'written', { metric: 'TenantOutputTokens', where: ofTenant }),
          ],
        },
        {
          title: 'Share of the tenant',
          question: 'Which part of what all tenants spend is that?',
          ...{ ...third, kind: 'series', unit: 'percent' },
          series: share(
            'of all tenants',
            { metric: 'TenantCost', where: ofTenant },
            { metric: 'TenantCost' },
          ),
        },
      ],
    },
  ],
};
