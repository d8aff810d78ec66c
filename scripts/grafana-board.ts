/** A board as a dashboard of Grafana, which reads CloudWatch. */
import { PanelBuilder as BarGaugePanel } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  MetricEditorMode,
  MetricQueryType,
  MetricsQueryBuilder,
  QueryMode,
} from '@grafana/grafana-foundation-sdk/cloudwatch';
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  type Threshold as Step,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type VariableModel,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatusHistoryPanel } from '@grafana/grafana-foundation-sdk/statushistory';
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import {
  type Board,
  type BoardVariable,
  type Panel,
  type PanelSeries,
  type PanelUnit,
  type Threshold,
  variablesOf,
} from '#core/boards/board.ts';
import { everythingOf, labelOf, metricOf, searchExpression } from '#core/boards/metric-expression.ts';
import { type PlacedPanel, placePanels } from '#core/boards/place-panels.ts';

const datasource = { type: 'cloudwatch', uid: `\${datasource}` };

const HEADING = { above: 0, heading: 1 };

export function grafanaBoard(board: Board): Dashboard {
  const builder = new DashboardBuilder(`Spillway: ${board.title}`)
    .uid(`spillway-${board.id}`)
    .description(board.question)
    .tags(['spillway'])
    .timezone('utc')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('1m')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('cloudwatch'));
  for (const variable of variablesOf(board)) builder.withVariable(variableOf(variable, board));
  // What is written at home is read in the data source's own region.
  const region = board.place === 'home' ? 'default' : `\${region}`;
  let id = 0;
  for (const { row, y, panels } of placePanels(board, HEADING)) {
    builder.withRow(new RowBuilder(row.title).id(++id).gridPos({ x: 0, y, w: 24, h: 1 }));
    for (const placed of panels) builder.withPanel(panelOf(placed, region).id(++id));
  }
  const dashboard = builder.build();
  return { ...dashboard, templating: { list: (dashboard.templating?.list ?? []).map(withoutInterval) } };
}

/** The SDK gives every variable what only one of an interval has, and Grafana's types do not know of others. */
function withoutInterval({ auto, auto_min, auto_count, ...variable }: VariableModel): VariableModel {
  return variable as VariableModel;
}

/** Where the values come from that a reader chooses: a metric that carries each of them. */
const carriers: Readonly<
  Record<Exclude<BoardVariable, 'region'>, readonly [metric: string, dimension: string]>
> = {
  account: ['Targets', 'Account'],
  model: ['Requests', 'Model'],
  tenant: ['TenantCost', 'Tenant'],
};

function variableOf(variable: BoardVariable, board: Board): QueryVariableBuilder {
  const label = `${variable.slice(0, 1).toUpperCase()}${variable.slice(1)}`;
  const builder = new QueryVariableBuilder(variable)
    .label(label)
    .datasource(datasource)
    .refresh(VariableRefresh.OnDashboardLoad);
  if (variable === 'region')
    return builder.query({ refId: variable, queryType: 'regions', region: 'default' });
  const [metric, dimensionKey] = carriers[variable];
  // A value of its own, since Grafana would list them all in a place that takes one.
  builder.includeAll(true).allValue(everythingOf(board, variable));
  return builder.query({
    ...{ refId: variable, queryType: 'dimensionValues', region: `\${region}` },
    ...{ namespace: metricOf({ metric }).namespace, metricName: metric, dimensionKey, dimensionFilters: {} },
  });
}

/** What all kinds of panels have in common. */
type AnyPanel = TimeSeriesPanel | StatPanel | BarGaugePanel | StatusHistoryPanel;

function panelOf({ panel, x, y, width: w, height: h }: PlacedPanel, region: string): AnyPanel {
  const builder = viewOf(panel)
    .title(panel.title)
    .description(panel.question)
    .datasource(datasource)
    .unit(units[panel.unit])
    .noValue('none')
    .gridPos({ x, y, w, h });
  if (panel.thresholds !== undefined) builder.thresholds(stepsOf(panel.thresholds));
  panel.series.forEach((series, index) => {
    builder.withTarget(
      targetOf(series, { panel, region, refId: String.fromCharCode('A'.charCodeAt(0) + index) }),
    );
  });
  return builder;
}

const units: Readonly<Record<PanelUnit, string>> = {
  count: 'short',
  milliseconds: 'ms',
  seconds: 's',
  percent: 'percent',
  USD: 'currencyUSD',
  'USD an hour': 'currencyUSD',
};

function viewOf({ kind, thresholds }: Panel): AnyPanel {
  if (kind === 'number') return new StatPanel();
  if (kind === 'table') return new BarGaugePanel().orientation(VizOrientation.Horizontal);
  if (kind === 'heat') return new StatusHistoryPanel();
  const lines = new TimeSeriesPanel().min(0).legend(new VizLegendOptionsBuilder().showLegend(true));
  if (thresholds !== undefined)
    lines.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (kind === 'series') return lines;
  return lines.fillOpacity(40).stacking(new StackingConfigBuilder().group('A').mode(StackingMode.Normal));
}

const colours: Readonly<Record<Threshold['severity'], string>> = {
  fine: 'green',
  look: 'orange',
  act: 'red',
};

/** Below the first threshold all is well, unless that one says so itself. */
function stepsOf(thresholds: readonly Threshold[]): ThresholdsConfigBuilder {
  const below: Step = { value: null, color: thresholds[0]?.severity === 'fine' ? 'red' : 'green' };
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([below, ...thresholds.map(({ value, severity }) => ({ value, color: colours[severity] }))]);
}

/** Written as code, not by the editor: only a search sees the accounts that link to the one that asks. */
function targetOf(
  series: PanelSeries,
  { panel, region, refId }: { readonly panel: Panel; readonly region: string; readonly refId: string },
): MetricsQueryBuilder {
  const { id, isHidden = false } = series;
  const label = labelOf(series);
  const { periodSeconds } = panel;
  const expression =
    series.kind === 'formula'
      ? series.formula
      : searchExpression(series, periodSeconds, (variable) => `\${${variable}}`);
  const builder = new MetricsQueryBuilder()
    .refId(refId)
    .id(id)
    .queryMode(QueryMode.Metrics)
    .metricQueryType(MetricQueryType.Search)
    .metricEditorMode(MetricEditorMode.Code)
    .region(region)
    .namespace('')
    .metricName('')
    .dimensions({})
    .expression(expression)
    .period(String(periodSeconds))
    .hide(isHidden);
  return label === undefined || isHidden ? builder : builder.label(label);
}
