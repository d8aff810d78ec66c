/** Every panel’s queries, as CloudWatch would ask them, against what a run of local mode has really published. */
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Board } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { cloudWatchBoard, placeholderOf } from '#core/boards/cloudwatch-board.ts';
import { metricRegistry } from '#core/metrics/registry.ts';
import {
  openProvokedRun,
  type ProvokedRun,
  provokedHome,
  provokedModels,
} from '#test/builders/provoked-run.ts';

/** Points arrive within seconds; a busy machine takes several times that. */
const POINTS_MS_MAX = 30_000;

/** Ten seconds, where nothing else runs. */
const PROVOKED_MS_MAX = 120_000;

let run: ProvokedRun;
beforeAll(async () => {
  run = await openProvokedRun();
}, PROVOKED_MS_MAX);
afterAll(() => run.close());

interface PanelQueries {
  readonly at: string;
  readonly queries: readonly MetricDataQuery[];
}

/** The queries of a board’s widgets, with the reader’s choices put in as the console does. */
function queriesOf(board: Board, model: string): readonly PanelQueries[] {
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
    variables.reduce(
      (text, { id, defaultValue }) =>
        id === 'region' ? text : text.replaceAll(placeholderOf(id), defaultValue),
      expression,
    );
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

/** Panels that show nothing, for whichever model. */
async function emptyPanels(board: Board): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const model of Object.keys(provokedModels)) {
    for (const panel of queriesOf(board, model)) {
      if ((counts.get(panel.at) ?? 0) === 0) counts.set(panel.at, await run.points.count(panel.queries));
    }
  }
  return [...counts].filter(([, count]) => count === 0).map(([at]) => at);
}

describe('what a run of local mode publishes', () => {
  it.each(boards.map((board) => [board.id, board] as const))('fills every panel of %s', async (_, board) => {
    await vi.waitFor(async () => expect(await emptyPanels(board)).toEqual([]), {
      timeout: POINTS_MS_MAX,
      interval: 1_000,
    });
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
});
