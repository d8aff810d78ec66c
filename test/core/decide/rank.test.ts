import { expect, it } from 'vitest';
import { candidatesOf } from '#core/decide/candidates.ts';
import type { Scorer } from '#core/decide/decision.ts';
import { type Field, rank } from '#core/decide/rank.ts';
import { rosterOf } from '#core/decide/roster.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { orderFrom } from '#core/plan/order-from.ts';
import type { Target } from '#core/target.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const question = aQuestion();
/** All of them, as candidates. */
const fieldOf = (targets: readonly Target[]): Field => {
  const asked = { ...question, targets };
  const roster = rosterOf(asked);
  return { roster, candidates: candidatesOf(roster, asked), places: roster.places };
};
const scoring = (scoreBps: number): Scorer => ({ name: 'odd', weight: 1, scoreBps: () => scoreBps });

it.each([-1, 10_001, 0.5, Number.NaN])(
  'fails on a score of %d: out of range is a defect, never clamped',
  (scoreBps) => {
    expect(() => rank(fieldOf([aTarget()]), question, [scoring(scoreBps)])).toThrow(/odd/);
    const standing = { ...scoring(scoreBps), standing: true } as const;
    expect(() => rank(fieldOf([aTarget()]), question, [standing])).toThrow(/odd/);
  },
);

it('keeps every score for the trail', () => {
  const { scored } = rank(fieldOf([aTarget()]), question, scorers);
  expect(scored().map(({ scoresBps }) => scoresBps.length)).toEqual([scorers.length]);
});

it('ranks as the published orderFrom does, while nothing is known of health', () => {
  const targets = [
    aTarget({ profileId: 'global.amazon.nova-lite-v1:0', scope: 'global', reach: ['*'] }),
    aTarget({ region: 'eu-north-1' }),
    aTarget({ region: 'us-west-2', profileId: 'us.amazon.nova-lite-v1:0', scope: 'geo' }),
    aTarget({ profileId: 'us.amazon.nova-lite-v1:0', scope: 'geo' }),
    aTarget({ region: 'us-west-2' }),
    aTarget({ region: 'ca-central-1' }),
    aTarget(),
    aTarget({ position: 1, modelId: 'amazon.nova-micro-v1:0' }),
  ];
  const field = fieldOf(targets);
  const { ranked } = rank(field, question, scorers);
  const published = orderFrom(targets, 'us-east-1', shippedFacts).map(({ id }) => id);
  expect(ranked.map((place) => field.candidates[place]?.target.id)).toEqual(published);
});
