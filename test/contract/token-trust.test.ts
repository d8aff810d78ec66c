import { describe, expect, it } from 'vitest';
import { tokenTrustSchema } from '#contract/token-trust.ts';

const trust = { issuer: 'https://login.example.com/tenant/v2.0', audience: 'spillway' };

describe('a trust in an issuer', () => {
  it('pins public-key signatures unless told otherwise', () => {
    expect(tokenTrustSchema.parse(trust)).toEqual({ ...trust, algorithms: ['RS256', 'ES256'], claims: {} });
    const local = { ...trust, issuer: 'http://127.0.0.1:8080/', jwksUrl: 'http://localhost:8080/keys' };
    expect(tokenTrustSchema.safeParse(local).success).toBe(true);
  });

  it.each([
    ['an issuer without TLS', { issuer: 'http://login.example.com' }],
    ['an address with a user', { jwksUrl: 'https://me@login.example.com/keys' }],
    ['an address with a query', { jwksUrl: 'https://login.example.com/keys?x=1' }],
    ['a signature that whoever checks could make', { algorithms: ['HS256'] }],
    ['no signature', { algorithms: ['none'] }],
    ['no choice of signatures', { algorithms: [] }],
    ['an empty audience', { audience: '' }],
    ['a claim that is no text', { claims: { admin: true } }],
    ['a setting that there is not', { secret: 'x' }],
  ])('refuses %s', (_, change) => {
    expect(tokenTrustSchema.safeParse({ ...trust, ...change }).success).toBe(false);
  });
});
