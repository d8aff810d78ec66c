/** Short ways to say what most panels show. */
import type { DimensionValue, MetricSearch, PanelSeries, Statistic } from './board.ts';

type Where = Readonly<Record<string, DimensionValue>>;

/** What is read of a metric. */
interface Reading {
  readonly metric: string;
  readonly statistic: Statistic;
  readonly where?: Where;
}

/** Every series of a metric by itself. */
export const each = (id: string, reading: Reading & { readonly label?: string }): PanelSeries => ({
  ...{ kind: 'search', id },
  ...reading,
});

/** One that only formulas read. */
export const hidden = (id: string, reading: Reading): MetricSearch => ({
  ...{ kind: 'search', id, isHidden: true },
  ...reading,
});

export const formula = (id: string, label: string, text: string): PanelSeries => ({
  ...{ kind: 'formula', id, label, formula: text },
});

/** What all series of a metric add up to; `times` turns it into another unit. */
export function total(
  id: string,
  label: string,
  { times = 1, ...of }: Omit<Reading, 'statistic'> & { readonly times?: number },
): readonly PanelSeries[] {
  const sum = `SUM(${id})`;
  return [
    hidden(id, { ...of, statistic: 'Sum' }),
    formula(`${id}Total`, label, times === 1 ? sum : `${times} * ${sum}`),
  ];
}

/** One total for each value of a dimension that the product knows beforehand. */
export function totalsBy(
  dimension: string,
  values: readonly string[],
  {
    metric,
    where = {},
    times = 1,
  }: { readonly metric: string; readonly where?: Where; readonly times?: number },
): readonly PanelSeries[] {
  return values.flatMap((value, index) =>
    total(`v${index}`, value, { metric, where: { ...where, [dimension]: value }, times }),
  );
}

/**
 * A part of a whole in percent. Zeros are not published: the share is nought in periods in which nothing of the part happened,
 * and there is no line where nothing of it happened in all the time that is looked at.
 */
export function share(
  label: string,
  part: { readonly metric: string; readonly where?: Where },
  whole: { readonly metric: string; readonly where?: Where },
): readonly PanelSeries[] {
  return [
    hidden('part', { ...part, statistic: 'Sum' }),
    hidden('whole', { ...whole, statistic: 'Sum' }),
    formula('share', label, '100 * FILL(SUM(part), 0) / SUM(whole)'),
  ];
}

/** Percentiles of a metric, of each of its series: those of several cannot be put together. */
export const percentiles = (
  metric: string,
  statistics: readonly Statistic[],
  where?: Where,
): readonly PanelSeries[] =>
  statistics.map((statistic) =>
    each(statistic, { metric, statistic, label: statistic, ...(where === undefined ? {} : { where }) }),
  );
