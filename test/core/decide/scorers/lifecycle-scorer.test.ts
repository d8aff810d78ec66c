import { expect, it } from 'vitest';
import { lifecycleScorer } from '#core/decide/scorers/lifecycle-scorer.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('puts models on their way out behind active ones', () => {
  const score = (lifecycle: string) =>
    lifecycleScorer.scoreBps(aCandidate({ lifecycle }), aQuestion(), undefined);
  expect([score('ACTIVE'), score('LEGACY'), score('SOMETHING_NEW')]).toEqual([10_000, 0, 0]);
});
