import { expect, it } from 'vitest';
import { anthropicError } from '#core/wire/anthropic/error-body.ts';

it.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [405, 'invalid_request_error'],
  [413, 'request_too_large'],
  [421, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [502, 'api_error'],
  [503, 'api_error'],
  [504, 'timeout_error'],
])('%i is %s', (status, type) => {
  expect(anthropicError({ status, code: 'c', message: 'm', requestId: 'r' })).toEqual({
    type: 'error',
    error: { type, message: 'm', code: 'c', details: { error_code: 'c' } },
    request_id: 'r',
  });
});

it('names the member that is wrong, and tells clients of threads in their own code that there are none', () => {
  const wrong = { status: 400, code: 'invalid_request', message: 'm', requestId: 'r' };
  expect(anthropicError({ ...wrong, param: 'model' }).error).toMatchObject({ param: 'model' });
  expect(anthropicError({ ...wrong, param: 'thread' }).error).toMatchObject({
    code: 'invalid_request',
    details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
  });
});
