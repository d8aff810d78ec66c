import { expect, it } from 'vitest';
import { onceJudge } from '#simulator/judges/once-judge.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anEnding, aSentCall, aSimulatedRequest, reportsOf } from '#test/builders/judged-history.ts';

it('reports a request that asks a target again, and nothing else', () => {
  const { reports, sent, ended } = reportsOf(onceJudge());
  const target = aTarget();
  sent(aSentCall({ target }));
  sent(aSentCall({ target: aTarget({ region: 'us-west-2' }) }));
  sent(aSentCall({ target, isWakeUp: true }));
  sent(aSentCall({ target, request: aSimulatedRequest({ id: 2 }) }));
  ended(anEnding({ request: aSimulatedRequest({ id: 2 }) }));
  expect(reports).toEqual([]);
  sent(aSentCall({ target }));
  expect(reports).toEqual([`request 1 asked ${target.id} again`]);
});
