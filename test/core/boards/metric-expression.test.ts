import { expect, it } from 'vitest';
import { labelOf, metricOf, searchExpression } from '#core/boards/metric-expression.ts';

const chosen = (variable: string): string => `<${variable}>`;

it('a search names all dimensions, the metric, and what is asked for', () => {
  expect(
    searchExpression(
      {
        ...{ kind: 'search', id: 'a', metric: 'Requests', statistic: 'Sum' },
        where: { Model: { chosen: 'model' }, Tier: 'baseline' },
      },
      300,
      chosen,
    ),
  ).toBe(
    `SEARCH('{Spillway/Gateway,Model,Tier} MetricName="Requests" Model="<model>" Tier="baseline"', 'Sum', 300)`,
  );
});

it('a metric without dimensions has a schema of its namespace alone', () => {
  const search = { kind: 'search', id: 'a', metric: 'BadItems', statistic: 'Maximum' } as const;
  expect(searchExpression(search, 60, chosen)).toBe(
    `SEARCH('{Spillway/Availability} MetricName="BadItems"', 'Maximum', 60)`,
  );
});

it('fails on a name that the registry does not hold', () => {
  expect(() => metricOf({ metric: 'Guesses' })).toThrow('Guesses does not stand in the registry');
});

it('a series is called by what tells it from others', () => {
  const search = { kind: 'search', id: 'a', metric: 'Requests', statistic: 'Sum' } as const;
  expect(labelOf({ ...search, label: 'all', where: { Tier: 'baseline' } })).toBe(`all \${PROP('Dim.Model')}`);
  expect(labelOf({ ...search, metric: 'ModelAvailability' })).toBe(
    `\${PROP('Dim.Account')} \${PROP('Dim.ModelId')}`,
  );
  expect(labelOf({ ...search, metric: 'BadItems' })).toBe('BadItems');
  expect(labelOf({ kind: 'formula', id: 'b', formula: 'SUM(a)', label: 'sum' })).toBe('sum');
  expect(labelOf({ kind: 'formula', id: 'b', formula: '2 * a' })).toBeUndefined();
});
