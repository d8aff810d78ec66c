/** Every panel’s queries, as CloudWatch would ask them, against what a run of local mode has really published. */
import { readFileSync } from 'node:fs';
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Board } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';
import { cloudWatchBoard, placeholderOf } from '#core/boards/cloudwatch-board.ts';
import { metricRegistry } from '#core/metrics/registry.ts';
import { localCredentials } from '#runtime/local-account.ts';
import {
  openProvokedRun,
  type ProvokedRun,
  provokedHome,
  provokedModels,
} from '#test/builders/provoked-run.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

/** What no few seconds provoke. May only shrink; docs/guides/dashboards.md says what each would take. */
const NOT_PROVOKED: readonly string[] = [
  'BadItems',
  'BatchCallsRepeated',
  'GuardRefusals',
  'GuardRefusalsStanding',
  'PreWarms',
  'RegionsSilent',
];
const NOT_PROVOKED_MAX = 6;

/** Points arrive within seconds; a busy machine takes several times that. */
const POINTS_MS_MAX = 30_000;
const HOUR_MS = 3_600_000;

let run: ProvokedRun;
let client: CloudWatchClient;
beforeAll(async () => {
  run = await openProvokedRun();
  client = new CloudWatchClient({
    ...{ endpoint: run.awsUrl, region: provokedHome.region },
    credentials: localCredentials(provokedHome.account),
  });
});
afterAll(async () => {
  client.destroy();
  await run.close();
});

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

/** How many values a panel shows. */
async function pointsOf({ queries }: PanelQueries): Promise<number> {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [...queries],
      StartTime: new Date(Date.now() - HOUR_MS),
      EndTime: new Date(Date.now() + HOUR_MS),
    }),
  );
  return MetricDataResults.reduce((sum, { Values = [] }) => sum + Values.length, 0);
}

/** Panels that show nothing, for whichever model. */
async function emptyPanels(board: Board): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const model of Object.keys(provokedModels)) {
    for (const panel of queriesOf(board, model)) {
      if ((counts.get(panel.at) ?? 0) === 0) counts.set(panel.at, await pointsOf(panel));
    }
  }
  return [...counts].filter(([, count]) => count === 0).map(([at]) => at);
}

/** Panels all of whose metrics nobody provoked. */
const excusedPanels = (board: Board): readonly string[] =>
  queriesOf(board, 'any').flatMap(({ at, queries }) => {
    const read = queries.flatMap(({ Expression = '' }) => /MetricName="(\w+)"/.exec(Expression)?.[1] ?? []);
    return read.every((name) => NOT_PROVOKED.includes(name)) ? [at] : [];
  });

describe('what a run of local mode publishes', () => {
  it.each(boards.map((board) => [board.id, board] as const))('fills every panel of %s', async (_, board) => {
    await vi.waitFor(
      async () => {
        const excused = excusedPanels(board);
        expect((await emptyPanels(board)).filter((panel) => !excused.includes(panel))).toEqual([]);
      },
      { timeout: POINTS_MS_MAX, interval: 1_000 },
    );
  });

  it('would leave a panel of another dimension empty', async () => {
    const Expression = `SEARCH('{Spillway/Gateway,Model,Lane} MetricName="Requests"', 'Sum', 300)`;
    expect(await pointsOf({ at: 'planted', queries: [{ Id: 'a', Expression }] })).toBe(0);
  });

  it('has every metric but those that the guide names', async () => {
    const published = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const { namespace, name, dimensions } of metricRegistry) {
        const schema = [namespace, ...dimensions].join();
        const Expression = `SEARCH('{${schema}} MetricName="${name}"', 'Sum', 60)`;
        if ((await pointsOf({ at: name, queries: [{ Id: 'a', Expression }] })) > 0) found.push(name);
      }
      return found;
    };
    await vi.waitFor(
      async () => {
        const found = await published();
        const silent = metricRegistry.filter(({ name }) => !found.includes(name));
        expect(silent.map(({ name }) => name).filter((name) => !NOT_PROVOKED.includes(name))).toEqual([]);
        expect(silent.filter(({ zeroPublished }) => zeroPublished)).toEqual([]);
      },
      { timeout: POINTS_MS_MAX, interval: 1_000 },
    );
    const guide = readFileSync(`${projectFolder}/docs/guides/dashboards.md`, 'utf8');
    const listed = [...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(NOT_PROVOKED);
    expect(NOT_PROVOKED.length).toBeLessThanOrEqual(NOT_PROVOKED_MAX);
  });
});
