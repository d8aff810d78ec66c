/** Whose tokens (JWT) open a tenant: what is pinned here, a token cannot choose. */
import * as z from 'zod';

/** Signatures that a public key checks. HMAC and `none` are no choice: who can check could sign. */
const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** Loopback may go without TLS: nobody stands between. */
const TRUSTED_URL =
  /^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:127\.0\.0\.1|localhost))(?::\d{1,5})?(?:\/[a-z0-9._~-]+)*\/?$/i;
const URL_EXPECTED =
  'must be an https URL without user, query or fragment, such as "https://login.example.com"';
const trustedUrl = z.string(URL_EXPECTED).regex(TRUSTED_URL, URL_EXPECTED);

const text = (lengthMax: number) => {
  const expected = `must be a text of 1 to ${lengthMax} characters`;
  return z.string(expected).min(1, expected).max(lengthMax, expected);
};
const ALGORITHMS_EXPECTED = `must list at least one of ${tokenAlgorithms.join(', ')}`;

export const tokenTrustSchema = z.strictObject({
  issuer: trustedUrl.describe('The token’s `iss`, letter for letter.'),
  audience: text(256).describe('One of the token’s `aud`.'),
  jwksUrl: trustedUrl
    .optional()
    .describe('Where the issuer’s public keys stand. @default - `/.well-known/jwks.json` below the issuer'),
  algorithms: z
    .array(z.enum(tokenAlgorithms, ALGORITHMS_EXPECTED), ALGORITHMS_EXPECTED)
    .min(1, ALGORITHMS_EXPECTED)
    .default(['RS256', 'ES256'])
    .describe('Signatures that are taken.'),
  claims: z
    .record(text(128), text(256))
    .default({})
    .describe('What a token must say besides, each text letter for letter.'),
});
