import type { CallLengths, Traffic } from './traffic.ts';

const HOURS = 24;
const HOUR_SECONDS = 3_600;
/** All of a day in one hour. */
export const PEAK_FACTOR_MAX = HOURS;
const BISECTIONS = 60;
const CONCENTRATION_MAX = 2_000;

/**
 * A day of 24 hours around a mean rate, whose busiest hour has `peakFactor` times the mean. Its shape is von Mises’:
 * one peak, one trough, never below zero, flat at a factor of 1. Every call has the mean lengths.
 *
 * @param rate.requestsPerSecond the mean of the day
 * @param rate.peakFactor 1 to 24
 */
export function trafficOfRate(
  rate: CallLengths & { readonly requestsPerSecond: number; readonly peakFactor: number },
): Traffic {
  const { requestsPerSecond, inputTokens, outputTokens } = rate;
  const bins = dayShape(rate.peakFactor).map((share) => {
    const requests = requestsPerSecond * share * HOUR_SECONDS;
    return {
      seconds: HOUR_SECONDS,
      requests,
      inputTokens: requests * inputTokens,
      outputTokens: requests * outputTokens,
    };
  });
  return { bins, sample: requestsPerSecond > 0 ? [{ inputTokens, outputTokens }] : [] };
}

/** Each hour's rate as a multiple of the mean; the first is the peak. */
function dayShape(peakFactor: number): readonly number[] {
  let low = 0;
  let high = CONCENTRATION_MAX;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if ((shapeOf(middle)[0] ?? 0) < peakFactor) low = middle;
    else high = middle;
  }
  return shapeOf(high);
}

function shapeOf(concentration: number): readonly number[] {
  const weights = Array.from({ length: HOURS }, (_, hour) =>
    Math.exp(concentration * (Math.cos((2 * Math.PI * hour) / HOURS) - 1)),
  );
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / HOURS;
  return weights.map((weight) => weight / mean);
}
