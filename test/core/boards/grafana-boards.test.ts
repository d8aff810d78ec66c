/** The boards as Grafana gets them: what is checked in, and Grafana's own word on its form. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { boards } from '#core/boards/boards.ts';
import { cloudWatchBoard } from '#core/boards/cloudwatch-board.ts';
import { projectFolder } from '#test/tidy/source-files.ts';
import { grafanaFiles } from '../../../scripts/write-grafana-boards.ts';

const readText = (path: string): string => readFileSync(`${projectFolder}/${path}`, 'utf8');
const schema = JSON.parse(readText('test/fixtures/grafana-schema.json'));

const ajv = new Ajv({ strict: false, allErrors: true });
const isDashboard = ajv.compile({ ...schema.dashboard, $id: 'dashboard' });
const isQuery = ajv.compile({ ...schema.query, $id: 'query' });

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface PanelJson {
  id: number;
  readonly title: string;
  gridPos: Place;
  targets?: { [member: string]: unknown }[];
}

interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

interface BoardJson {
  readonly uid: string;
  readonly templating: { readonly list: readonly VariableJson[] };
  panels: PanelJson[];
  [member: string]: unknown;
}

function saidBy(judge: ValidateFunction, value: unknown): readonly string[] {
  if (judge(value)) return [];
  return (judge.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const overlap = (one: Place, other: Place): boolean =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;

/** All that is wrong with a dashboard, each with its panel. */
function violationsOf(board: BoardJson): readonly string[] {
  const { panels } = board;
  const bare = { ...board, panels: panels.map(({ targets, ...rest }) => rest) };
  const ids = panels.map(({ id }) => id);
  return [
    ...saidBy(isDashboard, bare),
    ...panels.flatMap(({ title, targets = [] }) => [
      ...targets.flatMap((target) => saidBy(isQuery, target).map((said) => `${title}: query ${said}`)),
      ...(new Set(targets.map(({ refId }) => refId)).size < targets.length
        ? [`${title}: refIds are not unique`]
        : []),
    ]),
    ...(new Set(ids).size < ids.length || ids.includes(0) ? ['ids of panels are not unique'] : []),
    ...panels.flatMap((one, index) =>
      panels
        .slice(index + 1)
        .filter((other) => overlap(one.gridPos, other.gridPos))
        .map((other) => `${one.title} lies over ${other.title}`),
    ),
  ];
}

const written = grafanaFiles();
const dashboards = [...written]
  .filter(([path]) => path.endsWith('.json'))
  .map(([path, text]): [string, BoardJson] => [path, JSON.parse(text)]);

describe('deploy/grafana', () => {
  it.each([...written])('%s is what scripts/write-grafana-boards.ts writes today', (path, text) => {
    expect(readText(`deploy/grafana/${path}`)).toBe(text);
  });

  it('is judged by the types of the installed @grafana/schema (node scripts/write-grafana-schema.ts)', () => {
    const { version } = JSON.parse(readText('node_modules/@grafana/schema/package.json'));
    expect(schema.version).toBe(version);
  });

  it('gives every dashboard an address of its own', () => {
    const uids = dashboards.map(([, { uid }]) => uid);
    expect(new Set(uids).size).toBe(6);
    for (const uid of uids) expect(uid).toMatch(/^spillway-[a-z]{1,31}$/);
  });
});

describe('a dashboard of Grafana', () => {
  it.each(dashboards)('%s fits Grafana’s schema, with unique ids and no overlap', (_, board) => {
    expect(board.panels.length).toBeGreaterThan(5);
    expect(violationsOf(board)).toEqual([]);
  });

  const planted: readonly (readonly [string, (panel: PanelJson, board: BoardJson) => unknown, RegExp])[] = [
    [
      'a period that is a number',
      ({ targets }) => Object.assign(targets?.[0] ?? {}, { period: 60 }),
      /query \/period must be string/,
    ],
    [
      'a query without refId',
      ({ targets }) => Object.assign(targets?.[0] ?? {}, { refId: undefined }),
      /query .*'refId'/,
    ],
    [
      'a setting that there is not',
      ({ targets }) => Object.assign(targets?.[0] ?? {}, { refresh: true }),
      /query .*additional/,
    ],
    [
      'a panel that lies over another',
      (panel) => Object.assign(panel, { gridPos: { x: 0, y: 0, w: 24, h: 9 } }),
      /lies over/,
    ],
    ['an id twice', (panel) => Object.assign(panel, { id: 1 }), /ids of panels/],
    [
      'a wrong member of the board',
      (_, board) => Object.assign(board, { tags: 'spillway' }),
      /\/tags must be array/,
    ],
  ];

  it.each(planted)('would be found with %s', (_, spoil, says) => {
    const board: BoardJson = structuredClone(
      dashboards[0]?.[1] ?? { uid: '', templating: { list: [] }, panels: [] },
    );
    const panel = board.panels.find(({ targets }) => targets !== undefined);
    expect(panel).toBeDefined();
    if (panel !== undefined) spoil(panel, board);
    // As it would be read from a file.
    expect(violationsOf(JSON.parse(JSON.stringify(board))).join('\n')).toMatch(says);
  });
});

describe('menus', () => {
  it('offer all but of regions, which a graph has one of, and mean by it what CloudWatch’s do', () => {
    const setting = {
      ...{ homeRegion: 'us-east-1', regions: ['us-east-1'] },
      ...{ accounts: ['111111111111'], models: ['chat'], tenants: ['demo'] },
    };
    const inCloudWatch = boards.flatMap((board) =>
      cloudWatchBoard(board, setting).variables.map(({ id, values = [] }) => [
        ...[`spillway-${board.id}`, id],
        values.find(({ label }) => label === 'all')?.value,
      ]),
    );
    const inGrafana = dashboards.flatMap(([, { uid, templating }]) =>
      templating.list
        .filter(({ type }) => type === 'query')
        .map(({ name, includeAll, allValue }) => [uid, name, includeAll === true ? allValue : undefined]),
    );
    expect(inGrafana.toSorted()).toEqual(inCloudWatch.toSorted());
    expect(inGrafana.filter(([, name, all]) => name !== 'region' && all === undefined)).toEqual([]);
  });
});

describe('Grafana and CloudWatch', () => {
  const none = { homeRegion: 'us-east-1', regions: [], accounts: [], models: [], tenants: [] };

  it.each(boards.map((board) => [board.id, board] as const))('ask the same for %s', (id, board) => {
    const inCloudWatch = cloudWatchBoard(board, none).widgets.flatMap(({ properties }) =>
      'markdown' in properties
        ? []
        : [
            properties.metrics.map(([{ id: name, expression, period }]) => [
              name,
              expression,
              String(period),
            ]),
          ],
    );
    const [, inGrafana] = dashboards.find(([, { uid }]) => uid === `spillway-${id}`) ?? [];
    const asked = (inGrafana?.panels ?? []).flatMap(({ targets }) =>
      targets === undefined
        ? []
        : [
            targets.map(({ id: name, expression, period }) => [
              name,
              String(expression).replaceAll(
                /\$\{(\w+)\}/g,
                (_, variable) => `CHOSEN_${variable.toUpperCase()}`,
              ),
              period,
            ]),
          ],
    );
    expect(asked).toEqual(inCloudWatch);
  });
});
