/** Far below the largest double, so that one more step cannot leave its range. */
const RESCALE_ABOVE = 1e200;

export interface CopiesLoss {
  /** Share of calls that find every copy full, 0 to 1. */
  readonly blockedShare: number;
  /** Requests under way on average. */
  readonly running: number;
}

/**
 * What becomes of calls that come independently of each other (Poisson) to copies which share them evenly, and go
 * elsewhere at once when all are full: Erlang’s loss formula with a time of call that grows with the calls in a copy.
 * The share is exact for any distribution of lengths, as long as the calls of a copy slow each other alike (Kelly,
 * Reversibility and Stochastic Networks, 1979, chapter 3: symmetric queues). With k under way,
 *
 *     p(k) = p(k − 1) × arrivals × T(k / copies) / k        blocked = p(copies × requests)
 *
 * and with a constant T it is Erlang’s B.
 *
 * @param question.callSeconds mean time of a call while a copy runs so many, 1 or more; it never falls as they grow
 */
export function lossOfCopies(question: {
  readonly arrivalsPerSecond: number;
  readonly copies: number;
  readonly requestsPerCopy: number;
  readonly callSeconds: (running: number) => number;
}): CopiesLoss {
  const { arrivalsPerSecond, copies, requestsPerCopy, callSeconds } = question;
  let weight = 1;
  let sum = 1;
  let taken = 0;
  for (let busy = 1; busy <= copies * requestsPerCopy; busy += 1) {
    weight *= (arrivalsPerSecond * callSeconds(Math.max(1, busy / copies))) / busy;
    sum += weight;
    taken += weight * busy;
    if (sum > RESCALE_ABOVE || taken > RESCALE_ABOVE) {
      weight /= RESCALE_ABOVE;
      sum /= RESCALE_ABOVE;
      taken /= RESCALE_ABOVE;
    }
  }
  return { blockedShare: weight / sum, running: taken / sum };
}
