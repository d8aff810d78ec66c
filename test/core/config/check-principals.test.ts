import { describe, expect, it } from 'vitest';
import { checkPrincipals } from '#core/config/check-principals.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const role = (path: string) => `arn:aws:iam::111111111111:role/${path}`;
const tenant = (...principals: string[]) => ({ residencies: ['eu'], principals });
const iam = { frontDoor: { authorization: 'iam' as const } };

describe('principals', () => {
  it('are one tenant each: a second claim names both paths', () => {
    const config = acmeConfig({
      ...iam,
      tenants: { one: tenant(role('app')), two: tenant(role('x'), role('app')) },
    });
    expect(checkPrincipals(config).errors).toEqual([
      {
        path: 'tenants.two.principals[1]',
        message: `"${role('app')}" is what tenants.one.principals[0] ("${role('app')}") names already; a principal is one tenant`,
      },
    ]);
  });

  it('that differ by a role’s path alone are the same to AWS', () => {
    const config = acmeConfig({
      ...iam,
      tenants: { one: tenant(role('a/app')), two: tenant(role('b/app')) },
    });
    expect(checkPrincipals(config).errors).toMatchObject([{ path: 'tenants.two.principals[0]' }]);
    const users = ['a', 'b'].map((path) => `arn:aws:iam::111111111111:user/${path}/ci`);
    const apart = acmeConfig({
      ...iam,
      tenants: { one: tenant(users[0] ?? ''), two: tenant(users[1] ?? '') },
    });
    expect(checkPrincipals(apart).errors).toEqual([]);
  });

  it('may be named twice by one tenant, and be an operator too', () => {
    const config = acmeConfig({
      ...iam,
      tenants: { one: tenant(role('app'), role('app')) },
      operators: { principals: [role('app')] },
    });
    expect(checkPrincipals(config)).toEqual({ errors: [], warnings: [] });
  });

  it('open nothing while the front door asks for keys, and whoever names them is told', () => {
    const config = acmeConfig({
      tenants: { one: tenant(role('app')) },
      operators: { principals: [role('ops')] },
    });
    expect(checkPrincipals(config).warnings.map(({ path }) => path)).toEqual([
      'tenants.one.principals[0]',
      'operators.principals[0]',
    ]);
  });
});
