/** A board as the body of a CloudWatch dashboard. */
import {
  type Board,
  type BoardVariable,
  type Panel,
  type PanelKind,
  type PanelSeries,
  type Threshold,
  variablesOf,
} from './board.ts';
import { everythingOf, labelOf, searchExpression } from './metric-expression.ts';
import { type PlacedRow, placePanels } from './place-panels.ts';

/** What a reader may choose from, and where what is written at home stands. */
export interface BoardSetting {
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  readonly models: readonly string[];
  readonly tenants: readonly string[];
}

export interface CloudWatchBoard {
  readonly start: string;
  readonly periodOverride: 'inherit';
  readonly variables: readonly CloudWatchVariable[];
  readonly widgets: readonly CloudWatchWidget[];
}

interface CloudWatchVariable {
  readonly id: BoardVariable;
  readonly label: string;
  readonly type: 'property' | 'pattern';
  readonly property?: string;
  readonly pattern?: string;
  readonly inputType: 'select' | 'input';
  readonly defaultValue: string;
  readonly visible: true;
  readonly values?: readonly { readonly label: string; readonly value: string }[];
}

interface CloudWatchWidget {
  readonly type: 'metric' | 'text';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: TextProperties | MetricProperties;
}

interface TextProperties {
  readonly markdown: string;
}

interface MetricProperties {
  readonly title: string;
  readonly region: string;
  readonly period: number;
  readonly view: 'timeSeries' | 'singleValue' | 'table';
  readonly metrics: readonly (readonly [CloudWatchExpression])[];
  readonly [more: string]: unknown;
}

/** One row of a widget's metrics: a search, or math over others. */
interface CloudWatchExpression {
  readonly id: string;
  readonly expression: string;
  readonly period: number;
  readonly label?: string;
  readonly visible?: false;
}

/** Stands where the reader's choice goes: a word that stands nowhere else, since CloudWatch replaces it everywhere. */
export const placeholderOf = (variable: BoardVariable): string => `CHOSEN_${variable.toUpperCase()}`;

const HEADING_HEIGHT = 2;

export function cloudWatchBoard(board: Board, setting: BoardSetting): CloudWatchBoard {
  const rows = placePanels(board, { above: HEADING_HEIGHT, heading: HEADING_HEIGHT });
  return {
    start: '-PT6H',
    periodOverride: 'inherit',
    variables: variablesOf(board).map((variable) => variableOf(variable, { board, setting })),
    widgets: [
      heading(0, `# ${board.title}\n${board.question}${WHEN_EMPTY}`),
      ...rows.flatMap((row) => widgetsOf(row, setting)),
    ],
  };
}

const WHEN_EMPTY = ' Counts of nothing are not published: an empty panel means that it did not happen.';

const heading = (y: number, markdown: string): CloudWatchWidget => ({
  ...{ type: 'text', x: 0, y, width: 24, height: HEADING_HEIGHT },
  properties: { markdown },
});

function widgetsOf({ row, y, panels }: PlacedRow, setting: BoardSetting): readonly CloudWatchWidget[] {
  const questions = row.panels.map(({ title, question }) => `**${title}:** ${question}`);
  return [
    heading(y, `## ${row.title}\n${questions.join(' ')}`),
    ...panels.map(
      ({ panel, ...place }): CloudWatchWidget => ({
        ...{ type: 'metric', ...place },
        properties: propertiesOf(panel, setting.homeRegion),
      }),
    ),
  ];
}

const views: Readonly<Record<PanelKind, MetricProperties['view']>> = {
  series: 'timeSeries',
  stacked: 'timeSeries',
  number: 'singleValue',
  table: 'table',
  heat: 'table',
};

const colours: Readonly<Record<Threshold['severity'], string>> = {
  fine: '#2ca02c',
  look: '#ff7f0e',
  act: '#d62728',
};

function propertiesOf(panel: Panel, region: string): MetricProperties {
  const { kind, thresholds = [], periodSeconds } = panel;
  return {
    title: `${panel.title} (${panel.unit})`,
    region,
    period: periodSeconds,
    view: views[kind],
    metrics: panel.series.map((series) => [expressionOf(series, periodSeconds)]),
    ...(kind === 'stacked' ? { stacked: true } : {}),
    ...(kind === 'number' ? { sparkline: true } : {}),
    ...(kind === 'table' || kind === 'heat'
      ? {
          table: {
            layout: 'vertical',
            showTimeSeriesData: kind === 'heat',
            stickySummary: true,
            summaryColumns: ['MIN', 'MAX', 'SUM'],
          },
        }
      : { yAxis: { left: { min: 0, label: panel.unit, showUnits: false } } }),
    ...(thresholds.length === 0 || views[kind] === 'table'
      ? {}
      : {
          annotations: {
            horizontal: thresholds.map(({ value, meaning, severity }) => ({
              ...{ value, label: meaning, color: colours[severity] },
            })),
          },
        }),
  };
}

function expressionOf(series: PanelSeries, periodSeconds: number): CloudWatchExpression {
  const { id, isHidden } = series;
  const label = labelOf(series);
  return {
    id,
    expression:
      series.kind === 'formula' ? series.formula : searchExpression(series, periodSeconds, placeholderOf),
    period: periodSeconds,
    ...(isHidden === true ? { visible: false } : label === undefined ? {} : { label }),
  };
}

function variableOf(
  variable: BoardVariable,
  { board, setting }: { readonly board: Board; readonly setting: BoardSetting },
): CloudWatchVariable {
  const label = `${variable.slice(0, 1).toUpperCase()}${variable.slice(1)}`;
  if (variable === 'region') {
    const { homeRegion, regions } = setting;
    const common = { id: variable, label, visible: true, defaultValue: homeRegion } as const;
    return { ...common, type: 'property', property: 'region', ...menuOf(regions.map((value) => [value])) };
  }
  const values = { account: setting.accounts, model: setting.models, tenant: setting.tenants }[variable];
  const all = everythingOf(board, variable);
  return {
    ...{ id: variable, label, visible: true, type: 'pattern', pattern: placeholderOf(variable) },
    defaultValue: values[0] ?? all,
    ...menuOf(values.length === 0 ? [] : [[all, 'all'], ...values.map((value) => [value] as const)]),
  };
}

/** A list to choose from, or where nothing is known of it a field to write in. */
function menuOf(
  entries: readonly (readonly [value: string, label?: string])[],
): Pick<CloudWatchVariable, 'inputType' | 'values'> {
  if (entries.length === 0) return { inputType: 'input' };
  return { inputType: 'select', values: entries.map(([value, label = value]) => ({ label, value })) };
}
