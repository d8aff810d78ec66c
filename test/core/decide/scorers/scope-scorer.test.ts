import { expect, it } from 'vitest';
import { scopeScorer } from '#core/decide/scorers/scope-scorer.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('prefers a smaller reach', () => {
  const scores = (['dedicated', 'in-region', 'geo', 'global'] as const).map((scope) =>
    scopeScorer.scoreBps(aCandidate({ scope }), aQuestion(), undefined),
  );
  expect(scores).toEqual([10_000, 10_000, 9000, 0]);
});
