/** Far below the largest double, so that one more step cannot leave its range. */
const RESCALE_ABOVE = 1e200;
/** Of a sum: below the precision of a double. */
const NEGLIGIBLE = 1e-18;

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
  const slots = copies * requestsPerCopy;
  if (slots === 0) return { blockedShare: 1, running: 0 };
  if (arrivalsPerSecond === 0 || callSeconds(requestsPerCopy) === 0) return { blockedShare: 0, running: 0 };
  const falls = neverAnswersFewer(requestsPerCopy, callSeconds);
  // From all slots taken downwards: under much load the few states at the top are all that counts.
  let [full, weight, sum, taken] = [1, 1, 1, slots];
  for (let busy = slots; busy >= 1; busy -= 1) {
    const ratio = busy / (arrivalsPerSecond * callSeconds(Math.max(1, busy / copies)));
    weight *= ratio;
    sum += weight;
    taken += weight * (busy - 1);
    if (falls && ratio < 1 && weight < sum * NEGLIGIBLE) break;
    if (sum > RESCALE_ABOVE || taken > RESCALE_ABOVE) {
      full /= RESCALE_ABOVE;
      weight /= RESCALE_ABOVE;
      sum /= RESCALE_ABOVE;
      taken /= RESCALE_ABOVE;
    }
  }
  return { blockedShare: full / sum, running: taken / sum };
}

/** Whether a copy answers as many calls a second or more when it runs more: then weights that fall go on falling. */
function neverAnswersFewer(requests: number, callSeconds: (running: number) => number): boolean {
  for (let running = 2; running <= requests; running += 1)
    if (running / callSeconds(running) < (running - 1) / callSeconds(running - 1)) return false;
  return true;
}
