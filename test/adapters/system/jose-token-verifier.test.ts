import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { joseTokenVerifier } from '#adapters/system/jose-token-verifier.ts';
import { anIssuer, issuedAt, issuerUrl } from '#test/builders/an-issuer.ts';

const issuer = await anIssuer();
const stranger = await anIssuer();
const expected = { issuer: issuerUrl, audience: 'spillway', algorithms: ['ES256'] };
const verify = (
  token: string,
  changes: Partial<typeof expected> = {},
  at = issuedAt,
  keySet = issuer.keySet,
) => joseTokenVerifier.verify(token, { ...expected, ...changes }, { keySet, at });

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the verifier of tokens', () => {
  it('gives the claims of a good token', async () => {
    expect(await verify(await issuer.sign({ team: 'ml' }))).toMatchObject({ iss: issuerUrl, team: 'ml' });
    expect(await verify(await issuer.sign({ aud: ['other', 'spillway'] }))).toMatchObject({ iss: issuerUrl });
  });

  it.each([
    ['of another issuer', { iss: 'https://login.example.com/' }],
    ['for somebody else', { aud: 'another' }],
    ['without an end', { exp: undefined }],
    ['that has ended', { exp: issuedAt / 1000 - 31 }],
    ['that is not valid yet', { nbf: issuedAt / 1000 + 31 }],
  ])('refuses one %s', async (_, claims) => {
    expect(await verify(await issuer.sign(claims))).toBe('invalid');
  });

  it('allows half a minute between clocks', async () => {
    const token = await issuer.sign({ nbf: issuedAt / 1000 + 20, exp: issuedAt / 1000 + 60 });
    expect(await verify(token)).toBeTypeOf('object');
    expect(await verify(token, {}, issuedAt + 89_000)).toBeTypeOf('object');
    expect(await verify(token, {}, issuedAt + 91_000)).toBe('invalid');
  });

  it('refuses a signature of somebody else, and one that was changed', async () => {
    expect(await verify(await stranger.sign())).toBe('invalid');
    const [header = '', payload = '', signature = ''] = (await issuer.sign()).split('.');
    const other = base64url({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), admin: true });
    expect(await verify(`${header}.${other}.${signature}`)).toBe('invalid');
  });

  it('lets no token choose how it is checked', async () => {
    const [, payload = ''] = (await issuer.sign()).split('.');
    const [key] = issuer.keySet.keys;
    const unsigned = `${base64url({ alg: 'none', kid: 'key-1' })}.${payload}.`;
    const head = base64url({ alg: 'HS256', kid: 'key-1' });
    const mac = createHmac('sha256', JSON.stringify(key)).update(`${head}.${payload}`).digest('base64url');
    for (const token of [unsigned, `${head}.${payload}.${mac}`])
      expect(await verify(token)).not.toBeTypeOf('object');
    expect(await verify(await issuer.sign(), { algorithms: ['RS256'] })).toBe('invalid');
    const foreign = await stranger.sign({}, {
      jwk: stranger.keySet.keys[0],
      jku: 'https://evil.example',
    } as object);
    expect(await verify(foreign)).toBe('invalid');
  });

  it('says when the key that a token names is not there', async () => {
    expect(await verify(await issuer.sign({}, { kid: 'key-2' }))).toBe('unknown-key');
    expect(await verify(await issuer.sign(), {}, issuedAt, { keys: [] })).toBe('unknown-key');
  });

  it('peeks at what a token says of itself, and at nothing that is none', async () => {
    expect(joseTokenVerifier.peek(await issuer.sign())).toEqual({
      issuer: issuerUrl,
      audiences: ['spillway'],
    });
    expect(joseTokenVerifier.peek(await issuer.sign({ aud: undefined }))).toEqual({
      issuer: issuerUrl,
      audiences: [],
    });
    for (const text of ['', 'a.b.c', 'eyJ.eyJ.x', `${base64url({})}.${base64url({ iss: 7 })}.x`])
      expect(joseTokenVerifier.peek(text)).toBeUndefined();
  });
});
