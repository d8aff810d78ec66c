import { expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { wantedTier } from '#usecases/gateway/wanted-tier.ts';

const east = aTarget();

function tierOf(gpu: ReturnType<typeof aDedicatedTarget>, changes: Parameters<typeof aQuestion>[0] = {}) {
  const targets = [gpu, east];
  const decision = decide(aQuestion({ ...changes, targets }));
  if (decision.kind === 'rejected') throw new Error(decision.code);
  const sourced = {
    ...({ route: undefined, targets, baseline: [], version: 1, source: 'table' } as const),
    isUnknown: false,
  };
  return [wantedTier({ sourced }, decision), decision.plan[0].tier];
}

it('is that of the first in the plan, and the dedicated one where it only sleeps, is full or fails', () => {
  const gpu = aDedicatedTarget({ share: { 'us-east-1': 1 } });
  expect(tierOf(gpu)).toEqual(['dedicated', 'dedicated']);
  expect(tierOf({ ...gpu, state: 'cold' })).toEqual(['dedicated', 'serverless']);
  expect(tierOf({ ...gpu, state: 'warming' })).toEqual(['dedicated', 'serverless']);
  expect(tierOf({ ...gpu, state: 'denied' })).toEqual(['serverless', 'serverless']);
  const inFlight = new Map([[gpu.id, 1]]);
  expect(tierOf(gpu, { conditions: { ...noConditions, inFlight } })).toEqual(['dedicated', 'serverless']);
  const { at } = aQuestion();
  const health = new Map([[gpu.id, stepHealth(unknownHealth, { kind: 'failed', at, severity: 'fatal' })]]);
  expect(tierOf(gpu, { conditions: { ...noConditions, health } })).toEqual(['dedicated', 'serverless']);
  expect(tierOf(gpu, { disabled: new Set([gpu.id]) })).toEqual(['serverless', 'serverless']);
});
