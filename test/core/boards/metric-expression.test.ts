import { expect, it } from 'vitest';
import type { Board } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { everythingOf, labelOf, metricOf, searchExpression } from '#core/boards/metric-expression.ts';

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
    `SEARCH('{Spillway/Gateway,Model,Tier} MetricName="Requests" (Model="<model>" OR Namespace="<model>") Tier="baseline"', 'Sum', 300)`,
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
  // Of a choice there may be all.
  expect(labelOf({ ...search, where: { Tier: 'baseline', Model: { chosen: 'model' } } })).toBe(
    `\${PROP('Dim.Model')}`,
  );
  expect(labelOf({ ...search, metric: 'ModelAvailability' })).toBe(
    `\${PROP('Dim.Account')} \${PROP('Dim.ModelId')}`,
  );
  expect(labelOf({ ...search, metric: 'BadItems' })).toBe('BadItems');
  expect(labelOf({ kind: 'formula', id: 'b', formula: 'SUM(a)', label: 'sum' })).toBe('sum');
  expect(labelOf({ kind: 'formula', id: 'b', formula: '2 * a' })).toBeUndefined();
});

it('everything is the namespace of what a choice narrows, and fails where there are two', () => {
  const boardOf = (...metrics: readonly string[]): Board => {
    const where = { Model: { chosen: 'model' } } as const;
    const series = metrics.map((metric, index) => ({
      ...({ kind: 'search', id: `a${index}`, metric, statistic: 'Sum', where } as const),
    }));
    const panel = {
      title: '',
      question: '',
      kind: 'series',
      unit: 'count',
      width: 6,
      periodSeconds: 60,
      series,
    };
    return {
      id: 'b',
      title: '',
      question: '',
      place: 'home',
      rows: [{ title: '', panels: [panel] }],
    } as Board;
  };
  expect(everythingOf(boardOf('Requests', 'Errors'), 'model')).toBe('Spillway/Gateway');
  expect(() => everythingOf(boardOf('Requests', 'Targets'), 'model')).toThrow('chooses model in two');
  expect(boards.find(({ id }) => id === 'availability')).toSatisfy(
    (board: Board) => everythingOf(board, 'account') === 'Spillway/Availability',
  );
});
