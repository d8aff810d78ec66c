import type { Tier } from '../target.ts';
import { invariant } from '../units/invariant.ts';
import { rendezvousWeight } from '../units/stable-hash.ts';
import type { Candidate, DecisionQuestion, Scorer, Scores } from './decision.ts';

const tierRank: Readonly<Record<Tier, number>> = { dedicated: 0, serverless: 1, baseline: 2 };

interface Ranked {
  readonly candidate: Candidate;
  readonly tier: number;
  readonly total: number;
  readonly scoresBps: readonly number[];
  /** Weighed when it is first asked for: few candidates tie, and a weight takes longer than all scores. */
  tie: number | undefined;
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
): { readonly ranked: readonly Candidate[]; readonly scored: readonly Scores[] } {
  const bests = scorers.map((scorer) => scorer.best?.(candidates, question));
  const entries = candidates.map((candidate): Ranked => {
    const scoresBps: number[] = [];
    let total = 0;
    for (const scorer of scorers) {
      const scoreBps = scorer.scoreBps(candidate, question, bests[scoresBps.length]);
      const inRange = Number.isInteger(scoreBps) && scoreBps >= 0 && scoreBps <= 10_000;
      if (!inRange) failedScore(scorer, candidate, scoreBps);
      scoresBps.push(scoreBps);
      total += scoreBps * scorer.weight;
    }
    return { candidate, tier: tierRank[candidate.tier], total, scoresBps, tie: undefined };
  });
  const ranked = [...entries].sort((one, other) => compare(one, other, question.requestId));
  return {
    ranked: ranked.map(({ candidate }) => candidate),
    scored: entries.map(({ candidate, scoresBps }) => ({ target: candidate.target.id, scoresBps })),
  };
}

function compare(one: Ranked, other: Ranked, requestId: string): number {
  const { target } = one.candidate;
  const { target: rival } = other.candidate;
  return (
    one.tier - other.tier ||
    target.position - rival.position ||
    other.total - one.total ||
    tieOf(other, requestId) - tieOf(one, requestId) ||
    (target.id < rival.id ? -1 : 1)
  );
}

function tieOf(entry: Ranked, requestId: string): number {
  entry.tie ??= rendezvousWeight(requestId, entry.candidate.target.id);
  return entry.tie;
}

function failedScore({ name }: Scorer, { target }: Candidate, scoreBps: number): void {
  invariant(false, `scorer ${name} gave ${scoreBps} for ${target.id}, outside 0..10000`);
}
