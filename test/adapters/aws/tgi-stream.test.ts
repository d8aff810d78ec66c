import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { TgiReader, tgiAnswer } from '#adapters/aws/tgi-stream.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { textOf } from '#test/builders/model-call.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const details = { finish_reason: 'eos_token', generated_tokens: 2, input_length: 3, prefill: [] };
const last = { token: { text: 'Hi', special: false }, generated_text: 'Hi', details };

/** How the failure table judges what TGI says in the place of a token. */
function outcomeOf(read: () => unknown) {
  try {
    read();
  } catch (error) {
    if (error instanceof UpstreamFailure) return classifyFailure(error.signal);
    throw error;
  }
  throw new Error('nothing failed');
}

describe('TGI’s answer', () => {
  it('ends with its details; a [DONE] of newer versions adds nothing', () => {
    const reader = new TgiReader([]);
    const arrived: Parameters<TgiReader['read']>[1] = [];
    expect(reader.missing()).toBe('its details');
    reader.read(JSON.stringify(last), arrived);
    reader.read('[DONE]', arrived);
    expect([reader.missing(), textOf(arrived)]).toEqual([undefined, 'Hi']);
  });

  it('is a list of one where it comes whole', () => {
    expect(textOf(tgiAnswer(JSON.stringify([{ generated_text: 'Hi', details }]), []))).toBe('Hi');
    for (const text of ['[]', '[1]', '{}', 'no', '[{"generated_text":"Hi"}]'])
      expect(() => tgiAnswer(text, [])).toThrow(MalformedAnswer);
  });

  it.each([
    ['overloaded', 'Model is overloaded', 'container-throttled'],
    ['generation', 'Request failed during generation: CUDA', 'container-error'],
    ['incomplete_generation_stream', 'Incomplete generation stream', 'container-error'],
    ['validation', 'Input validation error: `top_p` must be > 0.0 and < 1.0', 'container-refused'],
    [
      'validation',
      'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 9 `max_new_tokens`',
      'context-too-long',
    ],
    [
      'validation',
      'Input validation error: `inputs` must have less than 10 tokens. Given: 12',
      'context-too-long',
    ],
  ])('tells an error of type %s: %s', (error_type, error, outcome) => {
    const data = JSON.stringify({ error, error_type });
    expect(outcomeOf(() => new TgiReader([]).read(data, [])).outcome).toBe(outcome);
    expect(outcomeOf(() => tgiAnswer(data, [])).outcome).toBe(outcome);
  });
});
