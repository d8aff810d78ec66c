import { describe, expect, it } from 'vitest';
import { joseTokenVerifier } from '#adapters/system/jose-token-verifier.ts';
import { anIssuer, issuedAt, issuerUrl } from '#test/builders/an-issuer.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import type { KeySets } from '#usecases/gateway/key-sets.ts';
import { createTokenDirectory, looksLikeToken, type TokenTrust } from '#usecases/gateway/token-directory.ts';
import type { KeySet } from '#usecases/ports/token-verifier.ts';

const issuer = await anIssuer();
const next = await anIssuer('key-2');
const jwksUrl = `${issuerUrl}/keys`;

const trust = (changes: Partial<TokenTrust> = {}): TokenTrust => ({
  tenant: 'demo',
  scopes: { residencies: ['eu'], defaultResidency: 'eu', models: ['chat-small'] },
  issuer: issuerUrl,
  audience: 'spillway',
  algorithms: ['ES256'],
  jwksUrl,
  claims: {},
  ...changes,
});

function directory(
  trusts: readonly TokenTrust[],
  options: {
    keySet?: KeySet | undefined;
    later?: KeySet;
    sure?: boolean;
    markOf?: (text: string) => string;
  } = {},
) {
  const asked: string[] = [];
  const keySets: KeySets = {
    current: (url) => {
      asked.push(url);
      return 'keySet' in options ? options.keySet : issuer.keySet;
    },
    reload: async () => options.later,
    isSure: () => options.sure ?? true,
    start: async () => undefined,
  };
  const clock = createVirtualClock(issuedAt);
  const { identify } = createTokenDirectory({
    trusts,
    verifier: joseTokenVerifier,
    keySets,
    clock,
    markOf: options.markOf,
  });
  return { identify, asked, clock };
}

describe('a token', () => {
  it('opens the tenant that trusts its issuer, with the tenant’s scopes', async () => {
    const { identify } = directory([trust()]);
    expect(await identify(await issuer.sign({ residencies: ['us'], models: ['*'] }))).toEqual({
      name: 'demo',
      residencies: ['eu'],
      defaultResidency: 'eu',
      models: ['chat-small'],
      credential: { kind: 'token', issuer: issuerUrl, subjectMark: undefined },
    });
  });

  it('leaves a mark of its subject, which names nobody', async () => {
    const markOf = (text: string) => `mark of ${text.length}`;
    const { identify } = directory([trust()], { markOf });
    const sub = 'alice@example.com';
    expect(await identify(await issuer.sign({ sub }))).toMatchObject({
      credential: { issuer: issuerUrl, subjectMark: `mark of ${issuerUrl.length + 1 + sub.length}` },
    });
  });

  it('of an issuer or for an audience that nobody trusts is refused before a key is asked for', async () => {
    const { identify, asked } = directory([trust()]);
    for (const claims of [{ iss: 'https://evil.example' }, { aud: 'another' }])
      expect(await identify(await issuer.sign(claims))).toBe('unknown');
    expect(await identify('eyJ.eyJ.x')).toBe('unknown');
    expect(asked).toEqual([]);
  });

  it('is known by the claims that it must carry, and opens none where it would open two tenants', async () => {
    const ml = trust({ tenant: 'ml', claims: { team: 'ml' } });
    const web = trust({ tenant: 'web', claims: { team: 'web' } });
    const all = trust({ tenant: 'all' });
    const { identify } = directory([ml, web]);
    expect(await identify(await issuer.sign({ team: 'web' }))).toMatchObject({ name: 'web' });
    for (const team of ['other', ['web'], undefined])
      expect(await identify(await issuer.sign({ team }))).toBe('unknown');
    expect(await directory([ml, all]).identify(await issuer.sign({ team: 'ml' }))).toBe('unknown');
  });

  it('ends by the clock', async () => {
    const { identify, clock } = directory([trust()]);
    const token = await issuer.sign();
    clock.advance(3_600_000 + 31_000);
    expect(await identify(token)).toBe('unknown');
  });

  it('of a new key is judged after the key set was loaded again', async () => {
    const { identify } = directory([trust()], { later: next.keySet });
    expect(await identify(await next.sign())).toMatchObject({ name: 'demo' });
  });

  it('cannot be judged where no key set can be had, and is refused where its key does not exist', async () => {
    const token = await next.sign();
    expect(await directory([trust()], { sure: false }).identify(token)).toBe('unavailable');
    expect(await directory([trust()], { keySet: undefined, sure: false }).identify(token)).toBe(
      'unavailable',
    );
    expect(await directory([trust()], { later: issuer.keySet }).identify(token)).toBe('unknown');
  });

  it('is told from a key by its look', async () => {
    expect(looksLikeToken(await issuer.sign())).toBe(true);
    for (const text of ['sk-local', 'sk-spillway-a-b-c', 'eyJ', 'eyJ.a', 'a.b.c'])
      expect(looksLikeToken(text)).toBe(false);
  });
});
