import { expect, it } from 'vitest';
import { placesOf } from '#core/audit/candidate-places.ts';
import { recordAnswer } from '#core/audit/record-answer.ts';
import { decide } from '#core/decide/decide.ts';
import { rosterOf } from '#core/decide/roster.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const cold = aDedicatedTarget({ state: 'cold', endpoint: 'cold' });
const east = aTarget();
const frankfurt = aTarget({ region: 'eu-central-1' });

function answered(targets: Parameters<typeof aQuestion>[0] = {}) {
  const question = aQuestion(targets);
  return recordAnswer(decide(question), placesOf(rosterOf(question)));
}

it('tells the plan, who was removed and why, who sleeps, and every score', () => {
  const answer = answered({ targets: [frankfurt, east, cold] });
  expect(answer).toMatchObject({
    outcome: 'routed',
    plan: [1],
    wakeUps: [2],
    removed: [
      { candidate: 0, by: 'residency', code: 'residency-forbidden' },
      { candidate: 2, by: 'state', code: 'state-unusable' },
    ].sort((one, other) => one.candidate - other.candidate),
  });
  expect(answer.scoresBps).toHaveLength(1);
  expect(answer.scoresBps?.[0]).toHaveLength(1 + scorers.length);
});

it('tells when to come back where nothing is left', () => {
  const resting = new Map([[east.quotaPool, 1_000_900]]);
  const { conditions } = aQuestion();
  expect(answered({ targets: [east], conditions: { ...conditions, resting } })).toEqual({
    outcome: 'capacity_exhausted',
    retryAt: 1_000_900,
    removed: [{ candidate: 0, by: 'capacity', code: 'no-capacity' }],
  });
});
