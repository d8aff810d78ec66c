import type { Scopes } from '#core/keys/narrow-scopes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Tenant, TenantDirectory } from '../ports/tenant-directory.ts';
import type { TokenExpectation, TokenVerifier } from '../ports/token-verifier.ts';
import type { KeySets } from './key-sets.ts';

/** One tenant's trust in one issuer. */
export interface TokenTrust extends TokenExpectation {
  readonly tenant: string;
  readonly scopes: Scopes;
  readonly jwksUrl: string;
  /** What a token must say besides, each text letter for letter. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Three parts in base64url, the first a JSON object: no API key looks like that. */
const TOKEN = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/;
export const looksLikeToken = (text: string): boolean => TOKEN.test(text);

export interface TokenChecks {
  readonly verifier: TokenVerifier;
  readonly keySets: KeySets;
  readonly clock: Clock;
}

export interface TokenDirectoryDependencies extends TokenChecks {
  readonly trusts: readonly TokenTrust[];
  /** A keyed hash, by which logs tell subjects apart without naming them. Absent where there is no pepper. */
  readonly markOf?: ((text: string) => string) | undefined;
}

type Claims = Readonly<Record<string, unknown>>;
type Expected = TokenExpectation & Pick<TokenTrust, 'jwksUrl' | 'claims'>;

/**
 * Who calls, by a token of an issuer that the configuration trusts. A token of anybody else is refused before any key
 * is asked for; one that would open two tenants opens none.
 */
export function createTokenDirectory(
  dependencies: TokenDirectoryDependencies,
): Pick<TenantDirectory, 'identify'> {
  return {
    async identify(token) {
      const judged = await judgeToken(dependencies, dependencies.trusts, token);
      const opened = judged.flatMap((each) => (typeof each === 'string' ? [] : [each]));
      const [found, ...others] = opened;
      if (found !== undefined && others.every(({ trust }) => trust.tenant === found.trust.tenant))
        return tenantOf(dependencies, found.trust, found.claims);
      return opened.length === 0 && judged.includes('unavailable') ? 'unavailable' : 'unknown';
    },
  };
}

/** What each of the trusts that the token names says of it: its claims, once its signature and all that is pinned hold. */
export async function judgeToken<Trust extends Expected>(
  checks: TokenChecks,
  trusts: readonly Trust[],
  token: string,
): Promise<readonly ({ readonly trust: Trust; readonly claims: Claims } | 'unknown' | 'unavailable')[]> {
  const peek = checks.verifier.peek(token);
  if (peek === undefined) return [];
  const asked = trusts.filter(
    ({ issuer, audience }) => issuer === peek.issuer && peek.audiences.includes(audience),
  );
  return Promise.all(
    asked.map(async (trust) => {
      const claims = await verifiedClaims(checks, trust, token);
      return typeof claims === 'string' ? claims : { trust, claims };
    }),
  );
}

function tenantOf(
  { markOf }: TokenDirectoryDependencies,
  { issuer, scopes, tenant }: TokenTrust,
  { sub }: Claims,
): Tenant {
  const subjectMark = typeof sub === 'string' ? markOf?.(subjectText(issuer, sub)) : undefined;
  return { ...scopes, name: tenant, credential: { kind: 'token', issuer, subjectMark } };
}

/** What is hashed for a subject: operators who look for one make the same, see docs/guides/keys.md. */
const subjectText = (issuer: string, subject: string): string => `${issuer} ${subject}`;

async function verifiedClaims(
  { verifier, keySets, clock }: TokenChecks,
  trust: Expected,
  token: string,
): Promise<Claims | 'unknown' | 'unavailable'> {
  const { jwksUrl } = trust;
  const verify = async (keySet: ReturnType<KeySets['current']>) =>
    keySet === undefined ? 'unknown-key' : verifier.verify(token, trust, { keySet, at: clock.now() });
  const first = await verify(keySets.current(jwksUrl));
  const verdict = first === 'unknown-key' ? await verify(await keySets.reload(jwksUrl)) : first;
  if (verdict === 'invalid') return 'unknown';
  if (verdict === 'unknown-key') return keySets.isSure(jwksUrl) ? 'unknown' : 'unavailable';
  return Object.entries(trust.claims).every(([name, text]) => verdict[name] === text) ? verdict : 'unknown';
}
