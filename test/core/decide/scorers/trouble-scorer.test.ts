import { expect, it } from 'vitest';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { troubleScorer } from '#core/decide/scorers/trouble-scorer.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('puts a region that has just failed this request behind, whatever else speaks for it', () => {
  const question = aQuestion({ troubledRegions: new Set(['us-east-1']) });
  expect(troubleScorer.scoreBps(aCandidate(), question, undefined)).toBe(0);
  expect(troubleScorer.scoreBps(aCandidate({ region: 'us-west-2' }), question, undefined)).toBe(10_000);
  const others = scorers
    .filter((scorer) => scorer !== troubleScorer)
    .reduce((sum, { weight }) => sum + weight, 0);
  expect(troubleScorer.weight).toBeGreaterThan(others);
});
