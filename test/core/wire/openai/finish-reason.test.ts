import { describe, expect, it } from 'vitest';
import { finishReasonOf, stopReasonOfFinish } from '#core/wire/openai/finish-reason.ts';

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
