import { describe, expect, it } from 'vitest';
import { toHouseError, translated } from '#adapters/aws/to-house-error.ts';
import { isHouseError } from '#core/errors/house-error.ts';

const awsError = (name: string, httpStatusCode?: number, more: object = {}) =>
  Object.assign(new Error('what AWS said'), { name, $metadata: { httpStatusCode }, ...more });
const codeOf = (error: unknown): string => {
  const house = toHouseError(error, 'Query');
  return isHouseError(house) ? house.code : 'not a house error';
};

describe('an error of the SDK', () => {
  it.each([
    ['ThrottlingException', 400, 'throttled'],
    ['ProvisionedThroughputExceededException', 400, 'throttled'],
    ['SomethingNew', 429, 'throttled'],
    ['AccessDeniedException', 400, 'access_denied'],
    ['SomethingNew', 403, 'access_denied'],
    ['KMSDisabledException', 400, 'access_denied'],
    ['KmsInvalidState', 400, 'access_denied'],
    ['KMSThrottlingException', 400, 'throttled'],
    ['ExpiredTokenException', 403, 'credentials_unavailable'],
    ['CredentialsProviderError', undefined, 'credentials_unavailable'],
    ['ResourceNotFoundException', 400, 'resource_missing'],
    ['ConditionalCheckFailedException', 400, 'condition_lost'],
    ['InternalServerException', 500, 'upstream_unavailable'],
    ['ValidationException', 400, 'upstream_rejected'],
    ['TimeoutError', undefined, 'timed_out'],
    ['AbortError', undefined, 'timed_out'],
    ['SyntaxError', 200, 'answer_malformed'],
  ])('%s with status %s is %s', (name, status, code) => {
    expect(codeOf(awsError(name, status))).toBe(code);
  });

  it('is unavailable when the connection broke, also deep below', () => {
    expect(codeOf(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe('upstream_unavailable');
    expect(codeOf(new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }) }))).toBe(
      'upstream_unavailable',
    );
  });

  it('keeps its cause, its name and its operation for operators', () => {
    const cause = awsError('ThrottlingException', 429);
    const house = toHouseError(cause, 'Query');
    expect(house).toMatchObject({
      cause,
      facts: { operation: 'Query', errorName: 'ThrottlingException', httpStatus: 429 },
      expose: false,
    });
  });
});

it('our own mistakes and our own errors come back unchanged', async () => {
  const bug = new TypeError('a bug');
  expect(toHouseError(bug, 'Query')).toBe(bug);
  const house = toHouseError(awsError('AccessDenied', 403), 'Query');
  expect(toHouseError(house, 'Other')).toBe(house);
  await expect(translated('Query', () => Promise.reject(bug))).rejects.toBe(bug);
  expect(await translated('Query', async () => 7)).toBe(7);
});
