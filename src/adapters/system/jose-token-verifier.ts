/** Tokens by the jose library, with algorithms, issuer and audience pinned. Keys come from nowhere but the caller. */
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import type { TokenVerifier } from '#usecases/ports/token-verifier.ts';

const CLOCK_SKEW_SECONDS_MAX = 30;

export const joseTokenVerifier: TokenVerifier = {
  peek(token) {
    try {
      const { iss, aud } = decodeJwt(token);
      if (typeof iss !== 'string') return undefined;
      return { issuer: iss, audiences: aud === undefined ? [] : [aud].flat() };
    } catch {
      return undefined;
    }
  },
  async verify(token, { issuer, audience, algorithms }, { keySet, at }) {
    try {
      const { payload } = await jwtVerify(
        token,
        createLocalJWKSet({ keys: [...keySet.keys] } as JSONWebKeySet),
        {
          issuer,
          audience,
          algorithms: [...algorithms],
          requiredClaims: ['exp'],
          clockTolerance: CLOCK_SKEW_SECONDS_MAX,
          currentDate: new Date(at),
        },
      );
      return payload;
    } catch (error) {
      return error instanceof errors.JWKSNoMatchingKey ? 'unknown-key' : 'invalid';
    }
  },
};
