import { expect, it } from 'vitest';
import { proximityScorer } from '#core/decide/scorers/proximity-scorer.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it.each([
  ['eu-central-1', 10_000],
  ['eu-west-1', 5000],
  ['us-east-1', 0],
  ['xx-north-9', 0],
])('scores %s as seen from Frankfurt', (region, scoreBps) => {
  expect(
    proximityScorer.scoreBps(aCandidate({ region }), aQuestion({ gatewayRegion: 'eu-central-1' }), undefined),
  ).toBe(scoreBps);
});

it('knows a country', () => {
  expect(proximityScorer.scoreBps(aCandidate({ region: 'us-west-2' }), aQuestion(), undefined)).toBe(7500);
});
