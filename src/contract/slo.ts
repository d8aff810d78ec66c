/** What callers are promised: alarms tell how fast the rest is spent. */
import * as z from 'zod';
import { amount, whole } from './config-values.ts';

const FIRST_TOKEN_MS_MAX = 900_000;

export const sloSchema = z.strictObject({
  availability: amount(0.5, 0.999_99)
    .default(0.999)
    .describe(
      'Share of calls that are answered; what callers got wrong does not count. Alarms tell when the rest is spent too fast: see docs/alarms.md.',
    ),
  firstTokenMs: whole(1, FIRST_TOKEN_MS_MAX)
    .default(2_000)
    .describe(
      'Until the first content of a chat, from its arrival. The default is what MLPerf asks of servers with models of 8 to 70 billion parameters.',
    ),
  firstTokenShare: amount(0.5, 0.999)
    .default(0.95)
    .describe('Share of chats whose first content comes within that time.'),
  costUsdPerDayMax: amount(0.01, 1_000_000_000)
    .optional()
    .describe(
      'What answers of one gateway region may cost in 24 hours, in USD, before an alarm tells of it. It stops nothing. @default - no alarm watches a sum',
    ),
});

/** Where a model is slower than others. */
export const modelSloSchema = z.strictObject({
  firstTokenMs: whole(1, FIRST_TOKEN_MS_MAX)
    .optional()
    .describe(
      'As in `slo`; MLPerf takes 6000 for models of 400 billion parameters. @default - `slo.firstTokenMs`',
    ),
});
