/** Whether a figure that is read again and again grows with the work done, or only wavers. */

/**
 * Standard errors that a slope stands from zero before it is one. By chance alone, a flat figure read eleven times gets
 * there upwards in one of 130 runs.
 */
const ERRORS_MIN = 3;
/** Of a slope that is large enough to matter: what leaks into lists grows in their steps, which look like noise. */
const LARGE_ERRORS_MIN = 2;

export interface Reading {
  readonly requests: number;
  readonly bytes: number;
}

export interface Slope {
  readonly bytesPerRequest: number;
  /** One standard error of it. */
  readonly error: number;
}

/**
 * Least squares. What fills a pool stays for several readings, so that they are not independent: by the correlation of
 * one rest with the next, fewer readings are counted than there are, as is usual for trends in series.
 *
 * @param readings four or more, at different counts of requests
 */
export function slopeOf(readings: readonly Reading[]): Slope {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const requestsMean = mean(readings.map(({ requests }) => requests));
  const bytesMean = mean(readings.map(({ bytes }) => bytes));
  const apart = readings.map(({ requests, bytes }) => [requests - requestsMean, bytes - bytesMean] as const);
  const spread = apart.reduce((sum, [requests]) => sum + requests ** 2, 0);
  const bytesPerRequest = apart.reduce((sum, [requests, bytes]) => sum + requests * bytes, 0) / spread;
  const rests = apart.map(([requests, bytes]) => bytes - bytesPerRequest * requests);
  const restSquares = rests.reduce((sum, rest) => sum + rest ** 2, 0);
  const neighbours = rests.slice(1).reduce((sum, rest, index) => sum + rest * (rests[index] ?? 0), 0);
  const correlation = restSquares === 0 ? 0 : Math.max(0, neighbours / restSquares);
  const independent = (readings.length * (1 - correlation)) / (1 + correlation);
  const error = Math.sqrt(restSquares / Math.max(1, independent - 2) / spread);
  return { bytesPerRequest, error };
}

export type SlopeVerdict = 'grows' | 'flat' | 'unsure';

/**
 * `grows`: the slope stands out from its noise, however small it is; one above `bytesMin` a request need not stand out so
 * far. `flat`: it does not, and a slope of `bytesMin` would have. `unsure`: the readings waver too much to have shown that
 * one, or still fall.
 */
export function judgeSlope({ bytesPerRequest, error }: Slope, bytesMin: number): SlopeVerdict {
  const reach = ERRORS_MIN * error;
  if (bytesPerRequest > reach) return 'grows';
  if (bytesPerRequest > bytesMin && bytesPerRequest > LARGE_ERRORS_MIN * error) return 'grows';
  return reach > bytesMin || bytesPerRequest < -reach ? 'unsure' : 'flat';
}
