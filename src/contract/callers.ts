/** How callers are let in besides keys: principals of IAM, and who may order operations. */
import * as z from 'zod';
import { tokenTrustSchema } from './token-trust.ts';

/** The same form as core/keys/principal.ts reads; no wildcard, so that nothing can cross into another account. */
const PRINCIPAL =
  /^arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(?:role|user)\/(?:[!-)+-.0->@-~]+\/)*[A-Za-z0-9_+=,.@-]{1,64}$/;
const PRINCIPAL_EXPECTED =
  'must be the ARN of one IAM role or user without wildcards, such as "arn:aws:iam::111111111111:role/app"';

export const principalSchema = z
  .string(PRINCIPAL_EXPECTED)
  .max(1024, PRINCIPAL_EXPECTED)
  .regex(PRINCIPAL, PRINCIPAL_EXPECTED);

export const operatorsSchema = z.strictObject({
  principals: z
    .array(principalSchema)
    .default([])
    .describe(
      'IAM roles and users that may order operations, where the front door’s authorization is "iam".',
    ),
  tokens: z
    .array(tokenTrustSchema)
    .default([])
    .describe('Issuers whose tokens (JWT) with the scope `operate` may order operations.'),
});

export const keysSchema = z.strictObject({
  pepperOverlap: z
    .boolean('must be true or false')
    .default(false)
    .describe(
      'Deploy the version before of the secret `<name>/key-pepper` beside the present one, so that keys made with it go on working while they are rotated: see docs/guides/keys.md.',
    ),
});
