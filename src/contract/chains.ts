/** How a configuration says what becomes of calls that share a trace. */
import * as z from 'zod';

const COUNT_RULE = 'must be a whole number from 1 to 32';
const SHARE_RULE = 'must be a number from 0.01 to 1';

export const chainsSchema = z.strictObject({
  preWarm: z
    .boolean('must be true or false')
    .default(true)
    .describe(
      'Whether the first call of a chain wakes the sleeping dedicated targets that the chain will probably need, all at once.',
    ),
  chainsMin: z
    .int(COUNT_RULE)
    .min(1, COUNT_RULE)
    .max(32, COUNT_RULE)
    .default(3)
    .describe(
      'Chains of the tenant that must have begun with the same model and path before it is foretold what such a chain needs.',
    ),
  neededShareMin: z
    .number(SHARE_RULE)
    .min(0.01, SHARE_RULE)
    .max(1, SHARE_RULE)
    .default(0.5)
    .describe('Share of those chains that must have called a model before it is woken at the start of one.'),
  termsFromTable: z
    .boolean('must be true or false')
    .default(false)
    .describe(
      'Whether a call of a trace that its process has not seen waits up to 100 ms for the table to say under which lane and deadline the chain began: for functions whose callers cannot send `tracestate` back. A write for each such call.',
    ),
});
