import { expect, it } from 'vitest';
import { responseStatus } from '#core/wire/openai-responses/response-status.ts';

it.each([
  ['end_turn', 'completed', undefined],
  ['tool_use', 'completed', undefined],
  ['stop_sequence', 'completed', undefined],
  ['malformed_tool_use', 'incomplete', undefined],
  ['max_tokens', 'incomplete', 'max_output_tokens'],
  ['model_context_window_exceeded', 'incomplete', 'max_output_tokens'],
  ['guardrail_intervened', 'incomplete', 'content_filter'],
  ['content_filtered', 'incomplete', 'content_filter'],
  [undefined, 'incomplete', undefined],
] as const)('%s is %s', (stopReason, status, reason) => {
  const told = responseStatus(stopReason);
  expect(told.status).toBe(status);
  expect(told.incomplete_details?.reason).toBe(reason);
});
