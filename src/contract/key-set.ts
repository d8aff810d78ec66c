/** A JSON Web Key Set as it comes from an issuer or from what was kept of it: public keys, and not too many. */
import * as z from 'zod';

const KEYS_MAX = 100;

export const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string() })).max(KEYS_MAX),
});
