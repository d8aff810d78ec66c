/**
 * An operator's sign-in for local mode: an issuer with a key of its own, made when local mode starts and gone when it
 * ends. Gateways trust it as they would a real one, by its key set; only this machine's own pages and programs get a token.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { SpillwayConfig } from '#contract/config.ts';
import type { ControlResource } from '#local/service.ts';

export interface LocalOperator {
  /** The key set, and tokens for who asks: both under the control API. */
  readonly controls: readonly ControlResource[];
  /**
   * The configuration with this issuer among those whose tokens may order operations.
   *
   * @param awsUrl where the control API is
   */
  trustedBy(config: SpillwayConfig, awsUrl: string): SpillwayConfig;
}

/** Where a page below a gateway asks for a token. */
export const operatorTokenPath = '_local/operator-token';

const issuer = 'http://localhost/local-mode';
const audience = 'spillway-local-mode';
const subject = 'local-operator';
const algorithm = 'ES256';
const keyId = 'local-mode';
const validSeconds = 3600;

export async function createLocalOperator(nowMs: () => number = Date.now): Promise<LocalOperator> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const key = { ...(await exportJWK(publicKey)), kid: keyId, alg: algorithm, use: 'sig' };
  const issue = async () => {
    const issuedAt = Math.floor(nowMs() / 1000);
    const token = await new SignJWT({ scope: 'operate' })
      .setProtectedHeader({ alg: algorithm, kid: keyId })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + validSeconds)
      .sign(privateKey);
    return { token, validSeconds };
  };
  return {
    controls: [
      { name: 'operator-keys', methods: { GET: () => ({ keys: [key] }) } },
      // Asked for by POST alone: with one a browser always says whose page asks.
      { name: 'operator-token', methods: { POST: issue } },
    ],
    trustedBy: (config, awsUrl) => ({
      ...config,
      operators: {
        ...config.operators,
        tokens: [
          ...config.operators.tokens,
          {
            issuer,
            audience,
            jwksUrl: `${awsUrl}/_local/operator-keys`,
            algorithms: [algorithm],
            claims: {},
          },
        ],
      },
    }),
  };
}
