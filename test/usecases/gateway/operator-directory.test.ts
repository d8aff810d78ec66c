import { describe, expect, it } from 'vitest';
import { joseTokenVerifier } from '#adapters/system/jose-token-verifier.ts';
import { anIssuer, issuedAt, issuerUrl } from '#test/builders/an-issuer.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createOperatorDirectory } from '#usecases/gateway/operator-directory.ts';

const issuer = await anIssuer();
const account = '111111111111';
const trust = {
  issuer: issuerUrl,
  audience: 'spillway',
  algorithms: ['ES256'],
  jwksUrl: `${issuerUrl}/keys`,
  claims: { team: 'sre' },
};

function directory(options: { readonly keysAway?: boolean } = {}) {
  const keySet = options.keysAway === true ? undefined : issuer.keySet;
  const keySets = {
    current: () => keySet,
    reload: async () => keySet,
    isSure: () => options.keysAway !== true,
    start: async () => undefined,
  };
  const clock = createVirtualClock(issuedAt);
  const operators = createOperatorDirectory({
    principals: [`arn:aws:iam::${account}:role/ops`],
    trusts: [trust],
    checks: { verifier: joseTokenVerifier, keySets, clock },
  });
  return { ...operators, clock };
}

describe('an operator', () => {
  it('by a token is named by its issuer and subject, in one line', async () => {
    const { ofToken } = directory();
    const sign = (sub: unknown) => issuer.sign({ team: 'sre', scope: 'operate', sub });
    expect(await ofToken(await sign('ada'))).toEqual({ by: `${issuerUrl} ada` });
    expect(await ofToken(await sign('a\nb"é'))).toEqual({ by: `${issuerUrl} a?b"?` });
    expect(await ofToken(await sign(undefined))).toEqual({ by: `${issuerUrl} without a subject` });
  });

  it('needs the claims that are pinned besides the scope', async () => {
    const { ofToken } = directory();
    expect(await ofToken(await issuer.sign({ team: 'web', scope: 'operate' }))).toBe('unknown');
    expect(await ofToken(await issuer.sign({ team: 'sre', scope: 'read' }))).toBe('not-operator');
  });

  it('is none by a token that ended, and cannot be told without the issuer’s keys', async () => {
    const { ofToken, clock } = directory();
    const token = await issuer.sign({ team: 'sre', scope: 'operate' });
    clock.advance(3_600_000 + 31_000);
    expect(await ofToken(token)).toBe('unknown');
    expect(await directory({ keysAway: true }).ofToken(token)).toBe('unavailable');
    expect(await directory().ofToken('no token')).toBe('unknown');
  });

  it('by a principal is named by the whole session, and no other principal is one', () => {
    const { ofPrincipal } = directory();
    const arn = (role: string) => `arn:aws:sts::${account}:assumed-role/${role}/ada@example.com`;
    expect(ofPrincipal({ account, arn: arn('ops') })).toEqual({ by: arn('ops') });
    for (const role of ['Ops', 'ops2', 'ops/x'])
      expect(ofPrincipal({ account, arn: arn(role) })).toBeUndefined();
    expect(ofPrincipal({ account: undefined, arn: arn('ops') })).toBeUndefined();
  });
});
