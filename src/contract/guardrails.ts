import * as z from 'zod';
import { text } from './config-values.ts';

/** A guardrail of Bedrock that callers of Converse and InvokeModel may name. */
export const guardrailSchema = (region: z.ZodType<string, string>) =>
  z.strictObject({
    region: region.describe('Where it stands. It judges calls in this region alone.'),
    id: text(/^[a-z0-9]{1,64}$/, 'the id of a guardrail, such as "a1b2c3d4e5f6"').describe(
      'Its id, without its version.',
    ),
    profile: text(/^[a-z]+\.guardrail\.v\d+:\d+$/, 'a guardrail profile such as "eu.guardrail.v1:0"')
      .optional()
      .describe('By which it judges in other regions too. @default - it judges where it stands'),
  });
