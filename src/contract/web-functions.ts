/** The gateway as a Web Function: environments that are sent many requests at a time. */
import * as z from 'zod';
import { regionSchema } from './config-parts.ts';
import { text, whole } from './config-values.ts';

const releaseSchema = z.strictObject({
  name: text(
    /^[A-Za-z0-9][A-Za-z0-9-]{0,40}$/,
    'a letter or digit and up to 40 more of those and -, such as "2026-11-21"',
  ).describe('The archive `releases/<name>.zip` in the web function’s bucket.'),
  version: text(/^[\x21-\x7e]{1,1024}$/, 'the version that S3 gave the archive').describe(
    'Which version of the archive.',
  ),
  weight: whole(0, 100).describe('Requests of a hundred that it answers: together 100.'),
});

const webFunctionSchema = z.strictObject({
  releases: z
    .array(releaseSchema)
    .default([])
    .describe('What answers. Without any the bucket for archives is made, and no endpoint.'),
  requestsPerEnvironment: whole(1, 128)
    .default(64)
    .describe('Requests that one environment is sent at a time.'),
  environmentsMax: whole(2, 100_000)
    .optional()
    .describe(
      'Environments that run at most; one request more is refused at once. @default - the account’s quota',
    ),
});

export const webFunctionsSchema = z.record(regionSchema, webFunctionSchema);
