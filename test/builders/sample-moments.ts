/** What a sample says of its law. */
export interface Moments {
  readonly mean: number;
  /** Deviation over mean. */
  readonly variation: number;
}

export function momentsOf(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variation: Math.sqrt(square) / mean };
}

export const drawn = (count: number, sample: () => number): readonly number[] =>
  Array.from({ length: count }, () => sample());
