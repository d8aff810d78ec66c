import { describe, expect, it } from 'vitest';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { signalOfRefusal } from '#simulator/serving/refusal-signal.ts';

const phase = 'before';

describe('refusals', () => {
  it.each([
    ['no-capacity', 'sagemaker-runtime', 'cold'],
    ['throttled', 'bedrock-runtime', 'throttled'],
    ['unavailable', 'bedrock-runtime', 'service-unavailable'],
    ['not-ready', 'bedrock-runtime', 'model-not-ready'],
    ['too-long', 'bedrock-runtime', 'context-too-long'],
  ] as const)(
    '%s is answered by %s so that the gateway knows it for what it is',
    (refusal, service, outcome) => {
      expect(classifyFailure({ ...signalOfRefusal(refusal), service, phase }).outcome).toBe(outcome);
    },
  );

  it('are errors of AWS', () => {
    expect(signalOfRefusal('throttled')).toMatchObject({
      kind: 'answer',
      errorName: 'ThrottlingException',
      httpStatus: 429,
    });
  });
});
