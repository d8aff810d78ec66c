/**
 * core/boards: what the dashboards show, in one list from which CloudWatch's and Grafana's are made.
 *
 * Invariant: a panel reads metrics of the registry alone, under the dimensions and in a unit that they have, and every
 * metric of the registry stands on a board. The folder owns no state.
 */

/** What a reader may choose. */
export type BoardVariable = 'account' | 'region' | 'model' | 'tenant';

export interface Board {
  /** Part of physical names. */
  readonly id: string;
  readonly title: string;
  /** What it answers, in one sentence. */
  readonly question: string;
  /** Metrics stand where they were written: at home, or in the region that the reader chooses. */
  readonly place: 'home' | 'chosen-region';
  readonly rows: readonly BoardRow[];
}

export interface BoardRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** `heat`: a cell for each series and moment, coloured by the thresholds; CloudWatch has none and shows a table. */
export type PanelKind = 'series' | 'stacked' | 'number' | 'table' | 'heat';

export type PanelUnit = 'count' | 'milliseconds' | 'seconds' | 'percent' | 'USD' | 'USD an hour';

export interface Panel {
  readonly title: string;
  /** What it answers, in one sentence. */
  readonly question: string;
  readonly kind: PanelKind;
  readonly unit: PanelUnit;
  /** Of the 24 columns of a board. */
  readonly width: 6 | 8 | 12 | 24;
  readonly periodSeconds: number;
  readonly series: readonly PanelSeries[];
  /** Values that mean something, rising; in the unit of the panel. @default - none */
  readonly thresholds?: readonly Threshold[];
}

export interface Threshold {
  readonly value: number;
  /** What being at it or above means. */
  readonly meaning: string;
  readonly severity: 'fine' | 'look' | 'act';
}

interface Named {
  /** By which formulas of the panel know it: a lower-case letter, then letters and digits. */
  readonly id: string;
  /** What the reader sees. Several series of one search are told apart by their dimensions. @default - their dimensions alone */
  readonly label?: string;
  /** True: only formulas read it. @default false */
  readonly isHidden?: boolean;
}

/** Every series of a metric that has the given values of its dimensions. */
export interface MetricSearch extends Named {
  readonly kind: 'search';
  /** A name of the registry. */
  readonly metric: string;
  readonly statistic: Statistic;
  /** Values of dimensions. @default - all */
  readonly where?: Readonly<Record<string, DimensionValue>>;
}

export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount' | 'p50' | 'p95' | 'p99';

/** One value, or the one that the reader has chosen. */
export type DimensionValue = string | { readonly chosen: Exclude<BoardVariable, 'region'> };

/** Metric math over other series of the panel. */
interface Formula extends Named {
  readonly kind: 'formula';
  readonly formula: string;
}

export type PanelSeries = MetricSearch | Formula;

export const panelsOf = ({ rows }: Board): readonly Panel[] => rows.flatMap(({ panels }) => panels);

/** What a reader of a board may choose: what its panels ask for, and the region where there are several. */
export function variablesOf(board: Board): readonly BoardVariable[] {
  const chosen = chosenSearches(board).map(([variable]) => variable);
  const asked = new Set<BoardVariable>(board.place === 'chosen-region' ? ['region', ...chosen] : chosen);
  return (['region', 'account', 'model', 'tenant'] as const).filter((variable) => asked.has(variable));
}

/** Every search that a choice of the reader narrows, with the choice. */
export function chosenSearches(
  board: Board,
): readonly (readonly [variable: Exclude<BoardVariable, 'region'>, search: MetricSearch])[] {
  return panelsOf(board).flatMap(({ series }) =>
    series.flatMap((each) =>
      each.kind === 'search'
        ? Object.values(each.where ?? {}).flatMap((value) =>
            typeof value === 'string' ? [] : [[value.chosen, each] as const],
          )
        : [],
    ),
  );
}
