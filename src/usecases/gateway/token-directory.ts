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

export interface TokenDirectoryDependencies {
  readonly trusts: readonly TokenTrust[];
  readonly verifier: TokenVerifier;
  readonly keySets: KeySets;
  readonly clock: Clock;
}

/**
 * Who calls, by a token of an issuer that the configuration trusts. A token of anybody else is refused before any key
 * is asked for; one that would open two tenants opens none.
 */
export function createTokenDirectory(dependencies: TokenDirectoryDependencies): TenantDirectory {
  const { trusts, verifier } = dependencies;
  return {
    async identify(token) {
      const peek = verifier.peek(token);
      if (peek === undefined) return 'unknown';
      const asked = trusts.filter(
        ({ issuer, audience }) => issuer === peek.issuer && peek.audiences.includes(audience),
      );
      const judged = await Promise.all(asked.map((trust) => judge(dependencies, trust, token)));
      const names = [...new Set(judged.flatMap((each) => (typeof each === 'string' ? [] : [each.name])))];
      if (names.length === 1) {
        const found = judged.find((each) => typeof each !== 'string');
        if (found !== undefined) return found;
      }
      return names.length === 0 && judged.includes('unavailable') ? 'unavailable' : 'unknown';
    },
  };
}

async function judge(
  { verifier, keySets, clock }: TokenDirectoryDependencies,
  trust: TokenTrust,
  token: string,
): Promise<Tenant | 'unknown' | 'unavailable'> {
  const { jwksUrl, tenant, scopes } = trust;
  const verify = async (keySet: ReturnType<KeySets['current']>) =>
    keySet === undefined ? 'unknown-key' : verifier.verify(token, trust, { keySet, at: clock.now() });
  const first = await verify(keySets.current(jwksUrl));
  const verdict = first === 'unknown-key' ? await verify(await keySets.reload(jwksUrl)) : first;
  if (verdict === 'invalid') return 'unknown';
  if (verdict === 'unknown-key') return keySets.isSure(jwksUrl) ? 'unknown' : 'unavailable';
  return Object.entries(trust.claims).every(([name, text]) => verdict[name] === text)
    ? { ...scopes, name: tenant }
    : 'unknown';
}
