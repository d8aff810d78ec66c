import { expect, it } from 'vitest';
import { candidatesOf } from '#core/decide/candidates.ts';
import type { DecisionQuestion } from '#core/decide/decision.ts';
import { filters } from '#core/decide/filters/filters.ts';
import { residencyFilter } from '#core/decide/filters/residency-filter.ts';
import { removalsOf } from '#core/decide/removals.ts';
import { rosterOf } from '#core/decide/roster.ts';
import { aQuestion, aQuestionNeeding } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget({ id: 'east' });
const frankfurt = aTarget({ id: 'frankfurt', region: 'eu-central-1', reach: ['eu-central-1'] });
const west = aTarget({ id: 'west', region: 'us-west-2', reach: ['us-west-2'] });
const targets = [west, east, frankfurt];
const asked = (question: DecisionQuestion) => {
  const roster = rosterOf(question);
  return removalsOf(roster, candidatesOf(roster, question), question);
};

it('are no list at all where every candidate stays', () => {
  expect(asked(aQuestion({ targets: [east, west] }))).toBeUndefined();
});

it('name the first filter that removes a candidate, and nothing of those that stay', () => {
  const question = aQuestion({ targets, disabled: new Set(['frankfurt', 'west']) });
  expect(asked(question)).toEqual([
    undefined,
    { target: 'frankfurt', by: 'residency', code: 'residency-forbidden' },
    { target: 'west', by: 'operator', code: 'operator-disabled' },
  ]);
});

it('say of all of one make what they lack', () => {
  const question = { ...aQuestionNeeding({ input: ['VIDEO'] }), targets: [east, west] };
  const missing = ['input-modality'];
  const lacking = { by: 'capability', code: 'capability-missing', missing };
  expect(asked(question)).toEqual([
    { target: 'east', ...lacking },
    { target: 'west', ...lacking },
  ]);
});

it('ask the residency of every candidate, in every question, and first', () => {
  expect(filters[0]).toBe(residencyFilter);
  expect(residencyFilter.isIdle).toBeUndefined();
  expect(residencyFilter.judgesByMake).toBeUndefined();
});
