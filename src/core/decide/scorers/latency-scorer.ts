import type { Candidate, DecisionQuestion, Scorer } from '../decision.ts';
import { leastOf } from '../least-of.ts';

/** Where a target's pace is unknown: in the middle, so that it is neither avoided nor rushed. */
const UNKNOWN_BPS = 5000;

/** Time to the first content beside the fastest candidate's, from real traffic of this process. */
export const latencyScorer: Scorer = {
  name: 'latency',
  weight: 1,
  best: (peers, question) =>
    question.conditions.health.size === 0 ? undefined : leastOf(peers, (peer) => paceOf(peer, question)),
  common: (_question, fastest) => (fastest === undefined ? UNKNOWN_BPS : undefined),
  scoreBps: (candidate, question, fastest) => {
    const own = paceOf(candidate, question);
    if (own === undefined || fastest === undefined) return UNKNOWN_BPS;
    return own <= 0 ? 10_000 : Math.floor((Math.min(fastest, own) * 10_000) / own);
  },
};

function paceOf({ target }: Candidate, { conditions }: DecisionQuestion): number | undefined {
  return conditions.health.get(target.id)?.typicalFirstContentMs;
}
