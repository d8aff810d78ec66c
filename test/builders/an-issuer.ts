/** An issuer of tokens: its keys, its key set and what it signs. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { KeySet } from '#usecases/ports/token-verifier.ts';

export const issuerUrl = 'https://login.example.com';
export const issuedAt = Date.UTC(2026, 10, 21, 8);

export interface Issuer {
  readonly keySet: KeySet;
  /** A token of this issuer for `spillway`, valid for an hour from `issuedAt`, with these changes. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    header?: { readonly alg?: string; readonly kid?: string },
  ): Promise<string>;
}

export async function anIssuer(kid = 'key-1', algorithm = 'ES256'): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const keySet = { keys: [{ ...(await exportJWK(publicKey)), kty: 'EC', kid, alg: algorithm, use: 'sig' }] };
  return {
    keySet,
    sign: (claims = {}, header = {}) =>
      new SignJWT({
        iss: issuerUrl,
        aud: 'spillway',
        iat: issuedAt / 1000,
        exp: issuedAt / 1000 + 3600,
        ...claims,
      })
        .setProtectedHeader({ alg: algorithm, kid, ...header })
        .sign(privateKey),
  };
}
