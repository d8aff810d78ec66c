import { expect, it } from 'vitest';
import { interruptedMessage } from '#core/wire/anthropic/interrupted-message.ts';

it.each([
  ['throttled', 'overloaded_error'],
  ['service-unavailable', 'overloaded_error'],
  ['connection-reset', 'api_error'],
])('a break by %s is a typed error with what was shown, and no stop', (outcome, type) => {
  const event = interruptedMessage({ requestId: 'r', outcome, usage: undefined, deltas: 4 });
  expect(event).toMatchObject({
    type: 'error',
    error: { type, code: 'stream_interrupted' },
    request_id: 'r',
    usage: { output_tokens: 4, estimated: true },
  });
  expect(event.error.message).toContain(`(stream_interrupted: ${outcome})`);
  expect(JSON.stringify(event)).not.toContain('stop_reason');
});

it('has the exact counts where the target told them', () => {
  const usage = { inputTokens: 1, outputTokens: 2 };
  const event = interruptedMessage({ requestId: 'r', outcome: 'stream-error', usage, deltas: 4 });
  expect(event.usage).toMatchObject({ input_tokens: 1, output_tokens: 2 });
  expect(event.usage).not.toHaveProperty('estimated');
});
