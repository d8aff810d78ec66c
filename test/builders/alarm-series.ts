/** A metric over time, a value or none for each minute, that can be summed over any window at once. */
import type { AlarmMetric } from '#core/alarms/alarm-definition.ts';

export interface Series {
  /** Undefined where the window holds no datapoint. Minutes; `to` is not in it. */
  window(statistic: AlarmMetric['statistic'], from: number, to: number): number | undefined;
}

/** @param valueAt what was published in a minute; undefined for nothing */
export function seriesOf(minutes: number, valueAt: (minute: number) => number | undefined): Series {
  const values = Array.from({ length: minutes }, (_, minute) => valueAt(minute));
  const sums = new Float64Array(minutes + 1);
  const counts = new Float64Array(minutes + 1);
  for (const [minute, value] of values.entries()) {
    sums[minute + 1] = (sums[minute] ?? 0) + (value ?? 0);
    counts[minute + 1] = (counts[minute] ?? 0) + (value === undefined ? 0 : 1);
  }
  const between = (totals: Float64Array, from: number, to: number): number =>
    (totals[to] ?? 0) - (totals[from] ?? 0);
  return {
    window(statistic, from, to) {
      const start = Math.max(0, from);
      const count = between(counts, start, to);
      if (count === 0) return undefined;
      if (statistic === 'SampleCount') return count;
      if (statistic === 'Sum') return between(sums, start, to);
      return Math.max(...values.slice(start, to).filter((value) => value !== undefined));
    },
  };
}
