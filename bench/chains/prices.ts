/**
 * What a second of a serverless model's work costs, in seconds of a dedicated slot: dollars for the same requests there,
 * over dollars for them on an endpoint that is full. All that was found of one model on both sides, the dearest last.
 */
export interface PriceRatio {
  readonly ratio: number;
  readonly of: string;
}

/** Dollars for a thousand requests of 1,000 + 560 tokens of Qwen3-32B: 0.15 and 0.60 a million on Bedrock. */
const QWEN_ON_DEMAND = 0.15 + 0.6 * 0.56;
/** An endpoint's dollars an hour over its requests in that hour; AWS measured those with 32 requests in flight. */
const perThousand = (usdPerHour: number, requestsPerSecond: number): number =>
  (1000 * usdPerHour) / (3600 * requestsPerSecond);

export const PUBLISHED: readonly PriceRatio[] = [
  { ratio: QWEN_ON_DEMAND / perThousand(13.1158, 1.21), of: 'Qwen3-32B on demand, over an ml.g6e.12xlarge' },
  { ratio: QWEN_ON_DEMAND / perThousand(4.2039, 0.99), of: 'Qwen3-32B on demand, over an ml.g7e.2xlarge' },
  { ratio: 0.38 / 0.73, of: 'a 13B model imported, its one copy full, over an ml.g6e.xlarge' },
  { ratio: 1.02 / 0.73, of: 'the same, with three copies billed at that load' },
];

/** The dearest that was found of the same work: at every other one there is more to win. */
export const JUDGED_RATIO = Math.max(...PUBLISHED.map(({ ratio }) => ratio));

/** The rest of the curve: as much as a full endpoint, and well above all that was found. */
export const SHOWN_RATIOS: readonly number[] = [1, 2];
