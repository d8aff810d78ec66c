import { expect, it } from 'vitest';
import { type ErrorCode, errorCatalogue, houseError } from '#core/errors/catalogue.ts';
import { isHouseError } from '#core/errors/house-error.ts';

it.each(Object.entries(errorCatalogue))('%s is spelled, explained and has a status', (code, entry) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(entry.meaning).toMatch(/^[A-Z].*\.$/);
  expect(entry.httpStatus).toBeGreaterThanOrEqual(400);
  expect(entry.httpStatus).toBeLessThan(600);
});

it('an error takes everything but its message from the catalogue', () => {
  const cause = new Error('below');
  const error = houseError('throttled' satisfies ErrorCode, {
    message: 'slow down',
    facts: { operation: 'Query' },
    cause,
  });
  expect(isHouseError(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'throttled',
    httpStatus: 503,
    retryable: true,
    expose: false,
    message: 'slow down',
    cause,
  });
  expect(error.facts).toEqual({ operation: 'Query' });
});
