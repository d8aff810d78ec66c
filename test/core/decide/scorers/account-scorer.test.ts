import { expect, it } from 'vitest';
import { accountScorer } from '#core/decide/scorers/account-scorer.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('prefers the own account among baselines and says nothing of other tiers', () => {
  const score = (account: string, tier: 'serverless' | 'baseline') =>
    accountScorer.scoreBps(aCandidate({ account }, tier), aQuestion(), undefined);
  expect([score('111111111111', 'baseline'), score('222222222222', 'baseline')]).toEqual([10_000, 0]);
  expect([score('111111111111', 'serverless'), score('222222222222', 'serverless')]).toEqual([
    10_000, 10_000,
  ]);
});
