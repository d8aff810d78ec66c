/** What all boards owe the registry, and it them. */
import { describe, expect, it } from 'vitest';
import { type Board, type MetricSearch, type Panel, type PanelUnit, panelsOf } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { metricOf } from '#core/boards/metric-expression.ts';
import { lanes } from '#core/capacity/lane.ts';
import { type MetricDefinition, metricRegistry, targetGroups } from '#core/metrics/registry.ts';
import { tiers } from '#core/target.ts';

interface Found {
  readonly at: string;
  readonly board: Board;
  readonly panel: Panel;
  readonly search: MetricSearch;
}

const searchesOf = (all: readonly Board[]): readonly Found[] =>
  all.flatMap((board) =>
    panelsOf(board).flatMap((panel) =>
      panel.series.flatMap((search) =>
        search.kind === 'search'
          ? [{ at: `${board.id}/${panel.title}/${search.id}`, board, panel, search }]
          : [],
      ),
    ),
  );

/** Units in which a metric may be shown as it is; formulas say theirs themselves. */
const shownAs: Readonly<Record<MetricDefinition['unit'], readonly PanelUnit[]>> = {
  Count: ['count'],
  Milliseconds: ['milliseconds'],
  Seconds: ['seconds'],
  None: ['USD'],
};
const knownValues: Readonly<Record<string, readonly string[]>> = {
  Tier: tiers,
  Lane: lanes,
  Group: targetGroups,
};

const violations: Readonly<Record<string, (found: Found) => string | undefined>> = {
  'a metric that nobody writes': ({ search }) =>
    metricRegistry.some(({ name }) => name === search.metric) ? undefined : search.metric,
  'a dimension that the metric does not have': ({ search }) =>
    Object.keys(search.where ?? {}).find((dimension) => !metricOf(search).dimensions.includes(dimension)),
  'a value that the dimension never has': ({ search }) =>
    Object.entries(search.where ?? {})
      .filter(
        ([dimension, value]) => typeof value === 'string' && knownValues[dimension]?.includes(value) !== true,
      )
      .map(([dimension, value]) => `${dimension}=${value}`)
      .join() || undefined,
  'a unit that the metric is not in': ({ panel, search }) =>
    search.isHidden === true ||
    search.statistic === 'SampleCount' ||
    shownAs[metricOf(search).unit].includes(panel.unit)
      ? undefined
      : `${metricOf(search).unit} as ${panel.unit}`,
  'a percentile of what is not published value by value': ({ search }) =>
    search.statistic.startsWith('p') && metricOf(search).instrument !== 'histogram'
      ? search.statistic
      : undefined,
  'a metric written elsewhere than the board looks': ({ board, search }) =>
    ['plan', 'verify'].includes(metricOf(search).writer) === (board.place === 'home')
      ? undefined
      : board.place,
};

const violationsOf = (all: readonly Board[]): readonly string[] =>
  searchesOf(all).flatMap((found) => {
    const unknown = violations['a metric that nobody writes']?.(found);
    if (unknown !== undefined) return [`${found.at}: a metric that nobody writes: ${unknown}`];
    return Object.entries(violations).flatMap(([what, judge]) => {
      const said = judge(found);
      return said === undefined ? [] : [`${found.at}: ${what}: ${said}`];
    });
  });

const missingFrom = (all: readonly Board[]): readonly string[] => {
  const shown = new Set(searchesOf(all).map(({ search }) => search.metric));
  return metricRegistry.map(({ name }) => name).filter((name) => !shown.has(name));
};

/** A board of one panel, changed. */
const planted = (search: Partial<MetricSearch>, panel: Partial<Panel> = {}): readonly Board[] => [
  {
    ...{ id: 'planted', title: 'Planted', question: 'Is it found?', place: 'chosen-region' },
    rows: [
      {
        title: 'Row',
        panels: [
          {
            ...{
              title: 'Panel',
              question: 'Is it?',
              kind: 'series',
              unit: 'count',
              width: 6,
              periodSeconds: 300,
            },
            series: [{ kind: 'search', id: 'a', metric: 'Failovers', statistic: 'Sum', ...search }],
            ...panel,
          },
        ],
      },
    ],
  },
];

describe('boards and registry', () => {
  it('show only what is written, under its dimensions and in its unit', () => {
    expect(searchesOf(boards).length).toBeGreaterThan(60);
    expect(violationsOf(boards)).toEqual([]);
  });

  it('leave no metric out', () => {
    expect(missingFrom(boards)).toEqual([]);
  });

  it.each([
    ['a metric that nobody writes', planted({ metric: 'Guesses' })],
    ['a dimension that the metric does not have', planted({ where: { Tier: 'dedicated' } })],
    [
      'a value that the dimension never has',
      planted({ metric: 'Cost', where: { Tier: 'gold' } }, { unit: 'USD' }),
    ],
    ['a unit that the metric is not in', planted({}, { unit: 'milliseconds' })],
    ['a percentile of what is not published value by value', planted({ statistic: 'p99' })],
    [
      'a metric written elsewhere than the board looks',
      planted({ metric: 'DiscoveryAge' }, { unit: 'seconds' }),
    ],
  ])('would find %s', (what, all) => {
    expect(violationsOf(all)).toEqual([expect.stringContaining(what)]);
  });

  it('would find a metric that stands on no board', () => {
    expect(missingFrom(boards.slice(1))).toContain('ModelAvailability');
  });

  it('know each metric by its name alone', () => {
    const names = metricRegistry.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('every panel', () => {
  it('has a title of its own on its board, a question, and thresholds that rise', () => {
    for (const board of boards) {
      const panels = panelsOf(board);
      expect(new Set(panels.map(({ title }) => title)).size, board.id).toBe(panels.length);
      for (const { question, thresholds = [] } of panels) {
        expect(question).toMatch(/^[A-Z][^?]*\?( A gap is .*\.)?$/);
        expect(thresholds.map(({ value }) => value)).toEqual(
          thresholds.map(({ value }) => value).toSorted((a, b) => a - b),
        );
      }
    }
  });

  it('names its series once, and its formulas read series that it has', () => {
    for (const panel of boards.flatMap(panelsOf)) {
      const ids = panel.series.map(({ id }) => id);
      expect(new Set(ids).size, panel.title).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]*$/);
      for (const each of panel.series) {
        if (each.kind !== 'formula') continue;
        const read = each.formula.match(/\b[a-z][A-Za-z0-9]*\b/g) ?? [];
        expect(ids, `${panel.title}: ${each.formula}`).toEqual(expect.arrayContaining(read));
      }
      const hidden = panel.series.filter(({ isHidden }) => isHidden === true).map(({ id }) => id);
      const formulas = panel.series.map((each) => (each.kind === 'formula' ? each.formula : '')).join(' ');
      expect(hidden.filter((id) => !new RegExp(`\\b${id}\\b`).test(formulas))).toEqual([]);
      expect(hidden.length).toBeLessThan(ids.length);
    }
  });
});
