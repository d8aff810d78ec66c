import { expect, it } from 'vitest';
import { anthropicStop, noStopYet } from '#core/wire/anthropic/stop-reason.ts';

it.each([
  ['end_turn', 'end_turn'],
  ['tool_use', 'tool_use'],
  ['max_tokens', 'max_tokens'],
  ['stop_sequence', 'stop_sequence'],
  ['content_filtered', 'refusal'],
  ['guardrail_intervened', 'refusal'],
  ['malformed_model_output', null],
  ['malformed_tool_use', null],
  ['model_context_window_exceeded', 'model_context_window_exceeded'],
] as const)('says %s as %s', (stopReason, word) => {
  expect(anthropicStop({ stopReason }, ['a', 'b'])).toEqual({
    stop_reason: word,
    stop_sequence: null,
    stop_details: null,
  });
});

it('invents no stop', () => {
  expect(anthropicStop({ stopReason: undefined }, ['a'])).toEqual(noStopYet);
});

it.each([
  [{ stop_sequence: 'b' }, ['a', 'b'], 'b'],
  [{ stop_sequence: null }, ['a'], 'a'],
  [undefined, ['a'], 'a'],
  [undefined, ['a', 'b'], null],
  ['b', ['a', 'b'], null],
])('names the sequence that the target told, or the only one: %j of %j', (fields, asked, sequence) => {
  const told = { stopReason: 'stop_sequence', additionalModelResponseFields: fields } as const;
  expect(anthropicStop(told, asked).stop_sequence).toBe(sequence);
});
