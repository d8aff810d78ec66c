import { expect, it } from 'vitest';
import { candidatesOf } from '#core/decide/candidates.ts';
import type { DecisionQuestion } from '#core/decide/decision.ts';
import { refusedFeatureKey } from '#core/decide/refused-features.ts';
import { rosterOf } from '#core/decide/roster.ts';
import { aQuestion, aQuestionNeeding, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const native = { jsonSchema: true, tools: true, streaming: true };
const east = aTarget({ id: 'east', capabilities: native });
const west = aTarget({ id: 'west', region: 'us-west-2', capabilities: native });
const targets = [east, west];
const asked = (question: DecisionQuestion) => candidatesOf(rosterOf(question), question);

it('are the same objects for requests that ask for the same, and say so where one asks for more', () => {
  const question = aQuestion({ targets });
  const [first] = asked(question);
  expect(asked({ ...question, requestId: 'request-2' })[0]).toBe(first);
  const longer = { ...question, limits: { ...question.limits, maxTokens: 7 } };
  expect(asked(longer).map(({ maxTokens }) => maxTokens)).toEqual([7, 7]);
  expect(first?.maxTokens).toBe(8192);
});

it('tell a way to JSON by the target where one target alone has refused, and leave it out where no JSON is asked for', () => {
  const refused = new Map([[refusedFeatureKey(east, 'native-json'), Number.MAX_SAFE_INTEGER]]);
  const json = aQuestionNeeding({ jsonSchema: true, forcedJsonTool: 'any' });
  const heard = { ...json, targets, conditions: { ...noConditions, refused } };
  expect(asked(heard).map(({ jsonWay }) => jsonWay)).toEqual(['tool', 'native']);
  expect(asked({ ...heard, conditions: noConditions }).map(({ jsonWay }) => jsonWay)).toEqual([
    'native',
    'native',
  ]);
  expect(asked(aQuestion({ targets })).some((candidate) => 'jsonWay' in candidate)).toBe(false);
});

it('are called plainly for as long as streams are known to be refused', () => {
  const refused = new Map([[refusedFeatureKey(east, 'streaming'), Number.MAX_SAFE_INTEGER]]);
  const question = aQuestion({ targets });
  const heard = asked({ ...question, conditions: { ...noConditions, refused } });
  expect(heard.map(({ target }) => target.capabilities.streaming)).toEqual([false, false]);
  expect(asked(question).map(({ target }) => target)).toEqual(targets);
});
