import { expect, it } from 'vitest';
import { wakeUpJudge } from '#simulator/judges/wake-up-judge.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { aSentCall, reportsOf } from '#test/builders/judged-history.ts';

it('reports a gateway that wakes an endpoint twice in a minute, and no other call', () => {
  let nowMs = 0;
  const { reports, sent } = reportsOf(wakeUpJudge(() => nowMs));
  const target = aTarget();
  const wake = (changes: object = {}) => sent(aSentCall({ target, isWakeUp: true, ...changes }));
  wake();
  wake({ gateway: 'us-west-2' });
  wake({ target: aTarget({ region: 'us-west-2' }) });
  nowMs = 59_000;
  sent(aSentCall({ target }));
  expect(reports).toEqual([]);
  wake();
  expect(reports).toEqual([`us-east-1 woke ${target.id} again after 59 s`]);
  nowMs = 119_000;
  wake();
  expect(reports).toHaveLength(1);
});
