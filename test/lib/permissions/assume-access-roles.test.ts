import { describe, expect, it } from 'vitest';
import { assumeAccessRoles } from '#lib/permissions/assume-access-roles.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';
import { identityStatements, statementOf } from '#test/lib/synthesized.ts';

describe('assumeAccessRoles', () => {
  it('names the access role of every account but the function’s own', () => {
    const template = built((stack) => assumeAccessRoles(someFunction(stack), acme, '222222222222'));
    expect(statementOf(template, 'BecomeAccessRoles').Resource).toEqual([
      'arn:aws:iam::111111111111:role/acme-gateway-access',
      'arn:aws:iam::333333333333:role/acme-gateway-access',
    ]);
  });

  it('grants nothing where there is one account', () => {
    const config = checkedConfig({ ...acme, accounts: acme.accounts.slice(0, 1) });
    const template = built((stack) => assumeAccessRoles(someFunction(stack), config, '111111111111'));
    expect(identityStatements(template).flatMap(({ Action }) => Action)).not.toContain('sts:AssumeRole');
  });
});
