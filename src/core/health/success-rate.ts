/**
 * Whether a target is answered well less often than its peers: the other targets of the model. What fails everywhere
 * alike (a caller's own doing, an outage of the network or of the whole upstream) is no single target's fault, and to
 * leave one for another would help nobody.
 *
 * Never is everybody worse than the others: the best of those that are known is an outlier by no rule below.
 */
/** Answers of one target, or of several. */
export interface Outcomes {
  readonly good: number;
  readonly failed: number;
}

/** The other targets of a model, as far as somebody knows them. */
export interface PeerOutcomes {
  /** Of those that requests may go to. */
  readonly usable: readonly Outcomes[];
  /** One of them is ejected now, or has failed within a minute. */
  readonly isAnyFailing: boolean;
}

/** Of fewer answers nothing follows. */
export const OUTCOMES_MIN = 10;
/** Peers with fewer answers are not compared with. */
const PEER_OUTCOMES_MIN = 5;
/** Below, the spread of the rates says nothing: the worst of four is never 1.9 deviations under their mean. */
const HOSTS_MIN = 5;
/** As Envoy's outlier detection has it (`success_rate_stdev_factor` 1,900). */
const DEVIATIONS = 1.9;
/** An outlier by less is not worth leaving. */
const GAP_MIN = 0.1;
/** Where the spread says nothing. */
const GOOD_SHARE_MIN = 0.5;
/** Standard errors: of a thousand targets that fail alike, three seem worse. Envoy asks for 100 answers instead. */
const CHANCE_ERRORS = 3;

export const noOutcomes: Outcomes = { good: 0, failed: 0 };
export const noPeers: PeerOutcomes = { usable: [], isAnyFailing: false };

/** `recent`: true for good, else whose failure it was. */
export function outcomesIn(recent: readonly (true | string)[]): Outcomes {
  let good = 0;
  for (const outcome of recent) if (outcome === true) good += 1;
  return { good, failed: recent.length - good };
}

const countOf = ({ good, failed }: Outcomes): number => good + failed;

export const bothOf = (one: Outcomes, other: Outcomes): Outcomes => ({
  good: one.good + other.good,
  failed: one.failed + other.failed,
});

/**
 * Whether so few good answers are the target's own. With five known targets or more by the spread of their rates; with
 * fewer when under half of its answers are good, and more of a peer's; and never by what chance explains.
 */
export function isOutlier(own: Outcomes, peers: PeerOutcomes): boolean {
  return countOf(own) >= OUTCOMES_MIN && isWorse(own, peers);
}

/** The same of however few answers. */
export function isWorse(own: Outcomes, { usable, isAnyFailing }: PeerOutcomes): boolean {
  if (countOf(own) === 0) return false;
  const known = usable.filter((peer) => countOf(peer) >= PEER_OUTCOMES_MIN);
  const rate = rateOf(own);
  // That others fail is known before how often they do.
  if (known.length === 0) return !isAnyFailing && rate < GOOD_SHARE_MIN;
  if (rate < GOOD_SHARE_MIN && known.some((peer) => isBeyondChance(own, peer))) return true;
  return isFarBelow(rate, known) && isBeyondChance(own, known.reduce(bothOf));
}

function isFarBelow(rate: number, peers: readonly Outcomes[]): boolean {
  const rates = [rate, ...peers.map(rateOf)];
  if (rates.length < HOSTS_MIN) return false;
  const mean = rates.reduce((sum, each) => sum + each, 0) / rates.length;
  const variance = rates.reduce((sum, each) => sum + (each - mean) ** 2, 0) / rates.length;
  return rate < mean - DEVIATIONS * Math.sqrt(variance);
}

/** By the difference of two shares, as if both were one. */
function isBeyondChance(own: Outcomes, others: Outcomes): boolean {
  const share = rateOf(bothOf(own, others));
  const error = Math.sqrt(share * (1 - share) * (1 / countOf(own) + 1 / countOf(others)));
  return rateOf(others) - rateOf(own) > Math.max(GAP_MIN, CHANCE_ERRORS * error);
}

/** Of one answer or more. */
const rateOf = (outcomes: Outcomes): number => outcomes.good / countOf(outcomes);
