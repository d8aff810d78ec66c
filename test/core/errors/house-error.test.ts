import { describe, expect, it } from 'vitest';
import { HouseError, isHouseError } from '#core/errors/house-error.ts';

describe('a house error', () => {
  const cause = new Error('socket closed');
  const error = new HouseError({
    code: 'throttled',
    message: 'slow down',
    httpStatus: 429,
    retryable: true,
    facts: { service: 'bedrock' },
    cause,
  });

  it('carries its facts and its cause, and hides its text from callers unless told otherwise', () => {
    expect(error).toMatchObject({
      code: 'throttled',
      httpStatus: 429,
      retryable: true,
      expose: false,
      facts: { service: 'bedrock' },
    });
    expect(error.cause).toBe(cause);
  });

  it('is known by its marker, so that a second copy of the module agrees', () => {
    const fromAnotherBundle = Object.assign(new Error('same'), {
      [Symbol.for('spillway.house-error')]: true,
    });
    expect([error, fromAnotherBundle].map(isHouseError)).toEqual([true, true]);
    expect([new Error('plain'), null, 'text', undefined].map(isHouseError)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
