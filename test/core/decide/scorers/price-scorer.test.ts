import { expect, it } from 'vitest';
import type { Candidate } from '#core/decide/decision.ts';
import { priceScorer } from '#core/decide/scorers/price-scorer.ts';
import type { Pricing } from '#core/target.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

const priced = (input: number | null, output: number | null) => {
  const pricing: Pricing = { inputMicroUsdPerMillionTokens: input, outputMicroUsdPerMillionTokens: output };
  return aCandidate({ pricing });
};

const scoresOf = (peers: readonly Candidate[]) => {
  const cheapest = priceScorer.best?.(peers, aQuestion());
  return peers.map((candidate) => priceScorer.scoreBps(candidate, aQuestion(), cheapest));
};

it('gives the cheapest all, one at twice its price half, and an unknown price nothing', () => {
  const peers = [
    priced(100, 400),
    priced(200, 800),
    priced(null, 800),
    priced(100, null),
    aCandidate({ pricing: null }),
  ];
  expect(scoresOf(peers)).toEqual([10_000, 5000, 0, 0, 0]);
});

it('calls what is free the cheapest', () => {
  const peers = [priced(0, 0), priced(1, 1)];
  expect(scoresOf(peers)).toEqual([10_000, 0]);
});
