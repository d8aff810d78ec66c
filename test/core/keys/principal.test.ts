import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalSchema } from '#contract/callers.ts';
import { identityOfCaller, identityOfGrant } from '#core/keys/principal.ts';

const account = '111111111111';
const caller = (arn: string, of: string | undefined = account) => identityOfCaller({ account: of, arn });
const role = `arn:aws:iam::${account}:role/app`;
const session = (name: string, of = account) => `arn:aws:sts::${of}:assumed-role/${name}`;

describe('a principal', () => {
  it('that is a session is compared by its role, whatever the session’s name', () => {
    for (const name of ['app/i-0123456789abcdef0', 'app/alice@example.com', 'app/a=b,c.d+e_f-g'])
      expect(caller(session(name))).toBe(identityOfGrant(role));
  });

  it('that is a session of a role with a path is that role: AWS reports no path', () => {
    for (const path of ['team/', 'aws-reserved/sso.amazonaws.com/eu-west-1/', 'a/b/c/'])
      expect(identityOfGrant(`arn:aws:iam::${account}:role/${path}app`)).toBe(caller(session('app/x')));
  });

  it('that is a user is compared with its path', () => {
    const user = `arn:aws:iam::${account}:user/team/ci`;
    expect(caller(user)).toBe(identityOfGrant(user));
    expect(caller(`arn:aws:iam::${account}:user/ci`)).not.toBe(identityOfGrant(user));
    expect(caller(user)).not.toBe(identityOfGrant(`arn:aws:iam::${account}:role/team/ci`));
  });

  it('of another case, account, partition or role is another', () => {
    const granted = identityOfGrant(role);
    expect(caller(session('App/x'))).not.toBe(granted);
    expect(caller(session('app2/x'))).not.toBe(granted);
    expect(caller(session('app/x', '222222222222'), '222222222222')).not.toBe(granted);
    expect(caller(`arn:aws-us-gov:sts::${account}:assumed-role/app/x`)).not.toBe(granted);
  });

  it.each([
    ['a session name with a slash', session('app/x/y')],
    ['a role path in a session', session('team/app/x')],
    ['no session name', session('app')],
    ['an empty session name', session('app/')],
    ['the role itself, which AWS never reports', role],
    ['the root of an account', `arn:aws:iam::${account}:root`],
    ['a federated user', `arn:aws:sts::${account}:federated-user/app`],
    ['a wildcard', session('*/x')],
    ['a line break', `${session('app/x')}\n`],
    ['something else', 'AROAEXAMPLE:app'],
    ['nothing', ''],
  ])('that is %s is nobody', (_, arn) => {
    expect(caller(arn)).toBeUndefined();
  });

  it('whose account is missing or another one is nobody', () => {
    expect(identityOfCaller({ account: undefined, arn: session('app/x') })).toBeUndefined();
    expect(caller(session('app/x'), '222222222222')).toBeUndefined();
  });

  it.each([
    '*',
    `arn:aws:iam::${account}:role/*`,
    `arn:aws:iam::*:role/app`,
    `arn:aws:iam::${account}:role/team/*/app`,
    `arn:aws:iam::${account}:role/ap?`,
    `arn:aws:iam::${account}:root`,
    session('app/x'),
    `arn:aws:iam::${account}:group/app`,
    `arn:aws:iam::${account}:role/`,
    account,
  ])('cannot be granted as %s', (arn) => {
    expect(principalSchema.safeParse(arn).success).toBe(false);
    expect(identityOfGrant(arn)).toBeUndefined();
  });

  it('is granted in the same form by the configuration and by core, and opens one account only', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abAB01/:*?+=,.@_- \n'.split('')), maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom('role', 'user'), text, (kind, name) => {
        const arn = `arn:aws:iam::${account}:${kind}/${name}`;
        const identity = identityOfGrant(arn);
        expect(principalSchema.safeParse(arn).success).toBe(identity !== undefined);
        if (identity !== undefined) expect(identity.split(':').slice(0, 2)).toEqual(['aws', account]);
      }),
    );
  });
});
