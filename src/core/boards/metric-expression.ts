/** Searches of panels in CloudWatch's language. */
import { type MetricDefinition, metricRegistry } from '../metrics/registry.ts';
import { invariant } from '../units/invariant.ts';
import {
  type Board,
  type BoardVariable,
  chosenSearches,
  type DimensionValue,
  type MetricSearch,
  type PanelSeries,
} from './board.ts';

/** Names of metrics are one namespace's alone. */
const byName = new Map(metricRegistry.map((each) => [each.name, each]));

/** @throws InvariantError for a name that the registry does not hold */
export function metricOf({ metric }: Pick<MetricSearch, 'metric'>): MetricDefinition {
  const definition = byName.get(metric);
  invariant(definition !== undefined, `metric ${metric} does not stand in the registry`);
  return definition;
}

/**
 * What a reader chooses who wants all: the namespace of the metrics that the choice narrows, which each of them has. Searches
 * have no word for all, and no model, account or tenant is called so.
 *
 * @throws InvariantError where one choice narrows metrics of two namespaces
 */
export function everythingOf(board: Board, variable: Exclude<BoardVariable, 'region'>): string {
  const searches = chosenSearches(board).filter(([chosen]) => chosen === variable);
  const [namespace = '', ...others] = new Set(searches.map(([, search]) => metricOf(search).namespace));
  invariant(others.length === 0, `board ${board.id} chooses ${variable} in two namespaces`);
  return namespace;
}

/**
 * A search also sees the metrics of accounts that link to the account that asks, where one metric by its name does not.
 *
 * @param chosen what stands for the value that the reader chooses: one of the dimension's, or `everythingOf` the board
 */
export function searchExpression(
  search: MetricSearch,
  periodSeconds: number,
  chosen: (variable: Exclude<DimensionValue, string>['chosen']) => string,
): string {
  const { namespace, name, dimensions } = metricOf(search);
  const schema = [namespace, ...dimensions].join();
  const terms = Object.entries(search.where ?? {}).map(([dimension, value]) => {
    if (typeof value === 'string') return ` ${dimension}="${value}"`;
    const choice = chosen(value.chosen);
    return ` (${dimension}="${choice}" OR Namespace="${choice}")`;
  });
  return `SEARCH('{${schema}} MetricName="${name}"${terms.join('')}', '${search.statistic}', ${periodSeconds})`;
}

/**
 * What a series is called: the label, then the dimensions that tell it from the others of its search, in the language of
 * CloudWatch's labels. A graph shows one region, so that its name says nothing.
 */
export function labelOf(series: PanelSeries): string | undefined {
  if (series.kind === 'formula') return series.label;
  const { where = {}, label } = series;
  const open = metricOf(series).dimensions.filter(
    (dimension) => dimension !== 'Region' && typeof where[dimension] !== 'string',
  );
  const told = open.map((dimension) => `\${PROP('Dim.${dimension}')}`);
  const words = [...(label === undefined ? [] : [label]), ...told];
  return words.length === 0 ? series.metric : words.join(' ');
}
