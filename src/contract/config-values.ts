/** The kinds of values that people write into a configuration or an order, each with the sentence that says what would be right. */
import * as z from 'zod';

/** A text of one pattern. `expected` goes on with "must be". */
export const text = (pattern: RegExp, expected: string) =>
  z.string(`must be ${expected}`).regex(pattern, `must be ${expected}`);

/** A whole number within bounds, both included. */
export const whole = (minimum: number, maximum: number) => {
  const expected = `must be a whole number from ${minimum} to ${maximum}`;
  return z.int(expected).min(minimum, expected).max(maximum, expected);
};

/** A number within bounds, both included. */
export const amount = (minimum: number, maximum: number) => {
  const expected = `must be a number from ${minimum} to ${maximum}`;
  return z.number(expected).min(minimum, expected).max(maximum, expected);
};

/** A type of SageMaker's instances, such as `example`. */
export const instanceType = (example: string) =>
  text(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, `a SageMaker instance type such as "${example}"`);
