import { describe, expect, it } from 'vitest';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

describe('an upstream failure', () => {
  it('keeps the signal whole and says what happened in its message', () => {
    const signal = {
      service: 'bedrock-runtime',
      kind: 'answer',
      phase: 'before',
      errorName: 'ThrottlingException',
      httpStatus: 429,
      message: 'Too many tokens',
    } as const;
    const failure = new UpstreamFailure(signal);
    expect(failure.signal).toBe(signal);
    expect(failure.message).toBe('bedrock-runtime answer: ThrottlingException Too many tokens');
  });
});
