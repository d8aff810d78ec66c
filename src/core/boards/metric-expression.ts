/** Searches of panels in CloudWatch's language. */
import { type MetricDefinition, metricRegistry } from '../metrics/registry.ts';
import { invariant } from '../units/invariant.ts';
import type { DimensionValue, MetricSearch, PanelSeries } from './board.ts';

/** Names of metrics are one namespace's alone. */
const byName = new Map(metricRegistry.map((each) => [each.name, each]));

/** @throws InvariantError for a name that the registry does not hold */
export function metricOf({ metric }: Pick<MetricSearch, 'metric'>): MetricDefinition {
  const definition = byName.get(metric);
  invariant(definition !== undefined, `metric ${metric} does not stand in the registry`);
  return definition;
}

/**
 * A search also sees the metrics of accounts that link to the account that asks, where one metric by its name does not.
 *
 * @param chosen what stands for the value that the reader chooses
 */
export function searchExpression(
  search: MetricSearch,
  periodSeconds: number,
  chosen: (variable: Exclude<DimensionValue, string>['chosen']) => string,
): string {
  const { namespace, name, dimensions } = metricOf(search);
  const schema = [namespace, ...dimensions].join();
  const terms = Object.entries(search.where ?? {}).map(
    ([dimension, value]) => ` ${dimension}="${typeof value === 'string' ? value : chosen(value.chosen)}"`,
  );
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
    (dimension) => dimension !== 'Region' && !(dimension in where),
  );
  const told = open.map((dimension) => `\${PROP('Dim.${dimension}')}`);
  const words = [...(label === undefined ? [] : [label]), ...told];
  return words.length === 0 ? series.metric : words.join(' ');
}
