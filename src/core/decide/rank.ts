import type { Tier } from '../target.ts';
import { invariant } from '../units/invariant.ts';
import { rendezvousWeight } from '../units/stable-hash.ts';
import type { Candidate, DecisionQuestion, Score, Scorer } from './decision.ts';

const tierRank: Readonly<Record<Tier, number>> = { dedicated: 0, serverless: 1, baseline: 2 };

interface Ranked {
  readonly candidate: Candidate;
  readonly total: number;
  readonly tie: number;
}

/**
 * Best first: tier, then the candidate's position in the model's list, then the weighted scores, then the rendezvous
 * weight of (request, target), so that gateways without a word to each other spread ties, then the id.
 *
 * @throws InvariantError when a scorer leaves 0..10,000
 */
export function rank(
  candidates: readonly Candidate[],
  question: DecisionQuestion,
  scorers: readonly Scorer[],
): { readonly ranked: readonly Candidate[]; readonly scored: readonly Score[] } {
  const scored: Score[] = [];
  const entries: Ranked[] = candidates.map((candidate) => {
    const { id } = candidate.target;
    let total = 0;
    for (const scorer of scorers) {
      const scoreBps = scorer.scoreBps(candidate, question, candidates);
      const inRange = Number.isInteger(scoreBps) && scoreBps >= 0 && scoreBps <= 10_000;
      invariant(inRange, `scorer ${scorer.name} gave ${scoreBps} for ${id}, outside 0..10000`);
      scored.push({ target: id, by: scorer.name, scoreBps });
      total += scoreBps * scorer.weight;
    }
    return { candidate, total, tie: rendezvousWeight(question.requestId, id) };
  });
  return { ranked: entries.sort(compare).map(({ candidate }) => candidate), scored };
}

function compare(one: Ranked, other: Ranked): number {
  const { target, tier } = one.candidate;
  const rival = other.candidate;
  return (
    tierRank[tier] - tierRank[rival.tier] ||
    target.position - rival.target.position ||
    other.total - one.total ||
    other.tie - one.tie ||
    (target.id < rival.target.id ? -1 : 1)
  );
}
