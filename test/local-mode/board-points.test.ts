/** Every panel’s queries, as CloudWatch would ask them, against what a run of local mode has really published. */
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Board } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { cloudWatchBoard, placeholderOf } from '#core/boards/cloudwatch-board.ts';
import { everythingOf, searchExpression } from '#core/boards/metric-expression.ts';
import { modelBoard } from '#core/boards/model-board.ts';
import { metricRegistry } from '#core/metrics/registry.ts';
import { type OtlpCollector, openOtlpCollector } from '#test/builders/otlp-collector.ts';
import { readPrometheusText } from '#test/builders/prometheus-text.ts';
import {
  openProvokedRun,
  type ProvokedRun,
  provokedHome,
  provokedModels,
} from '#test/builders/provoked-run.ts';

/** Points arrive within seconds; a busy machine takes several times that. */
const POINTS_MS_MAX = 50_000;

/** Ten seconds, where nothing else runs. */
const PROVOKED_MS_MAX = 240_000;

let run: ProvokedRun;
let collector: OtlpCollector;
beforeAll(async () => {
  collector = await openOtlpCollector();
  run = await openProvokedRun(collector.url);
}, PROVOKED_MS_MAX);
afterAll(async () => {
  await run?.close();
  await collector.close();
});

interface PanelQueries {
  readonly at: string;
  readonly queries: readonly MetricDataQuery[];
}

type Chosen = 'one' | 'all';

/** The queries of a board’s widgets, with the reader’s choices put in as the console does: one of each menu, or its “all”. */
function queriesOf(board: Board, model: string, menus: Chosen): readonly PanelQueries[] {
  const { region: homeRegion, account } = provokedHome;
  const setting = {
    homeRegion,
    regions: [homeRegion],
    accounts: [account],
    models: [model],
    tenants: ['demo'],
  };
  const { widgets, variables } = cloudWatchBoard(board, setting);
  const chosen = (expression: string): string =>
    variables.reduce((text, { id, defaultValue, values = [] }) => {
      const all = values.find(({ label }) => label === 'all')?.value;
      const choice = menus === 'all' ? all : defaultValue;
      return id === 'region' ? text : text.replaceAll(placeholderOf(id), choice ?? 'no such choice');
    }, expression);
  return widgets.flatMap(({ properties }) =>
    'markdown' in properties
      ? []
      : [
          {
            at: `${board.id}: ${properties.title}`,
            queries: properties.metrics.map(([{ id, expression, period, visible }]) => ({
              ...{ Id: id, Expression: chosen(expression), Period: period, ReturnData: visible !== false },
            })),
          },
        ],
  );
}

/** Panels that show nothing: for whichever model, or for all together. */
async function emptyPanels(board: Board, menus: Chosen): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  const [first = ''] = Object.keys(provokedModels);
  for (const model of menus === 'all' ? [first] : Object.keys(provokedModels)) {
    for (const panel of queriesOf(board, model, menus)) {
      if ((counts.get(panel.at) ?? 0) === 0) counts.set(panel.at, await run.points.count(panel.queries));
    }
  }
  return [...counts].filter(([, count]) => count === 0).map(([at]) => at);
}

describe('what a run of local mode publishes', () => {
  it.each(boards.map((board) => [board.id, board] as const))('fills every panel of %s', async (_, board) => {
    await vi.waitFor(async () => expect(await emptyPanels(board, 'one')).toEqual([]), {
      timeout: POINTS_MS_MAX,
      interval: 1_000,
    });
    expect(await emptyPanels(board, 'all')).toEqual([]);
  });

  it('shows with all of a menu what its choices show together', async () => {
    const search = { kind: 'search', id: 'a', metric: 'Requests', statistic: 'Sum' } as const;
    const where = { Model: { chosen: 'model' } } as const;
    const seriesOf = (choice: string): Promise<number> => {
      const Expression = searchExpression({ ...search, where }, 86_400, () => choice);
      return run.points.count([{ Id: 'a', Expression }]);
    };
    const each = await Promise.all(Object.keys(provokedModels).map(seriesOf));
    const sum = each.reduce((total, count) => total + count, 0);
    expect(sum).toBeGreaterThan(Math.max(...each));
    expect(await seriesOf(everythingOf(modelBoard, 'model'))).toBe(sum);
    expect(await seriesOf('nobody')).toBe(0);
  });

  it('would leave a panel of another dimension empty', async () => {
    const Expression = `SEARCH('{Spillway/Gateway,Model,Lane} MetricName="Requests"', 'Sum', 300)`;
    expect(await run.points.count([{ Id: 'a', Expression }])).toBe(0);
  });

  it('has every metric of the registry', async () => {
    const silent = async (): Promise<readonly string[]> => {
      const found = await Promise.all(metricRegistry.map(({ name }) => run.points.has(name)));
      return metricRegistry.flatMap(({ name }, index) => (found[index] === true ? [] : [name]));
    };
    await vi.waitFor(async () => expect(await silent()).toEqual([]), {
      timeout: POINTS_MS_MAX,
      interval: 1_000,
    });
  });

  it('tells Prometheus and a collector the same, of the gateway and of the control plane', async () => {
    const known = metricRegistry.map(({ namespace, name, instrument }) => ({
      ...{ pushed: `${namespace}/${name}` },
      scraped: `spillway_${name}${instrument === 'counter' ? '_total' : ''}`,
    }));
    await vi.waitFor(
      async () => {
        const families = readPrometheusText(await run.prometheusText());
        expect(known.flatMap(({ scraped }) => (families.has(scraped) ? [] : [scraped]))).toEqual([]);
        expect(known.flatMap(({ pushed }) => (collector.metrics.has(pushed) ? [] : [pushed]))).toEqual([]);
      },
      { timeout: POINTS_MS_MAX, interval: 1_000 },
    );
    expect(collector.violations).toEqual([]);
  });
});
