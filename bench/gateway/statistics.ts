import type { Spread } from './protocol.ts';

export function spreadOf(values: number[]): Spread {
  values.sort((one, other) => one - other);
  return { count: values.length, p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

/** Of sorted values, by nearest rank; NaN of none. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** What several rounds say of one figure. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  const low = sorted[Math.max(0, sorted.length % 2 === 0 ? middle - 1 : middle)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
