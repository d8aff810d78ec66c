import { describe, expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import { chatCompletion } from '#core/wire/openai/chat-completion.ts';
import { openAiError } from '#core/wire/openai/error-body.ts';
import { finishReasonOf, stopReasonOfFinish } from '#core/wire/openai/finish-reason.ts';
import { interruptedStream } from '#core/wire/openai/interrupted-stream.ts';

const identity = { id: 'chatcmpl-1', model: 'chat-small', createdSeconds: 1_795_248_000 };

describe('a completion', () => {
  it('has null content and the calls when the model only calls tools', () => {
    const toolCalls = [{ index: 0, toolUseId: 'a', name: 'look', inputJson: '' }];
    const { choices } = chatCompletion(identity, { ...emptyAnswer, toolCalls, stopReason: 'tool_use' });
    expect(choices[0]).toMatchObject({
      message: { content: null, tool_calls: [{ id: 'a', function: { name: 'look', arguments: '{}' } }] },
      finish_reason: 'tool_calls',
    });
  });

  it('shows what a thinking model thought, and no usage that nobody reported', () => {
    const completion = chatCompletion(identity, { ...emptyAnswer, reasoning: 'Hm.', text: 'Yes.' });
    expect(completion.choices[0]?.message).toMatchObject({ reasoning_content: 'Hm.', content: 'Yes.' });
    expect(completion).not.toHaveProperty('usage');
    expect(completion.choices[0]?.finish_reason).toBeNull();
  });
});

describe('finish reasons', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
  ] as const)('%s is %s', (stopReason, finishReason) => {
    expect(finishReasonOf(stopReason)).toBe(finishReason);
  });

  it('are read back, and an unknown word is not guessed', () => {
    for (const word of ['stop', 'length', 'tool_calls', 'content_filter']) {
      const stopReason = stopReasonOfFinish(word);
      expect(stopReason && finishReasonOf(stopReason)).toBe(word);
    }
    expect(stopReasonOfFinish('function_call')).toBe('tool_use');
    expect(stopReasonOfFinish('because')).toBeUndefined();
  });
});

describe('errors', () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [421, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [502, 'server_error'],
  ])('%i is of type %s', (status, type) => {
    expect(openAiError({ status, code: 'x', message: 'y' })).toEqual({
      error: { message: 'y', type, param: null, code: 'x' },
    });
  });

  it('end a broken stream with the usage as far as it is known', () => {
    expect(interruptedStream({ outcome: 'connection-reset', usage: undefined, deltas: 7 })).toMatchObject({
      error: { code: 'stream_interrupted', type: 'server_error' },
      usage: { completion_tokens: 7, estimated: true },
    });
    const usage = { inputTokens: 3, outputTokens: 4 };
    expect(interruptedStream({ outcome: 'x', usage, deltas: 7 }).usage).toEqual({
      prompt_tokens: 3,
      completion_tokens: 4,
      total_tokens: 7,
    });
  });
});
