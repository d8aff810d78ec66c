import { expect, it } from 'vitest';
import { openAiError } from '#core/wire/openai/error-body.ts';

it.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [421, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [502, 'server_error'],
])('%i is of type %s', (status, type) => {
  const error = { message: 'y', type, param: null, code: 'x' };
  expect(openAiError({ status, code: 'x', message: 'y' })).toEqual({ error });
  expect(openAiError({ status, code: 'x', message: 'y', param: 'n' })).toEqual({
    error: { ...error, param: 'n' },
  });
});
