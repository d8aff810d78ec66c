import { describe, expect, it } from 'vitest';
import { checkTenants } from '#core/config/check-tenants.ts';
import { acmeConfig } from '#test/builders/configs.ts';

type Tenants = NonNullable<Parameters<typeof acmeConfig>[0]>['tenants'] & object;
const errors = (tenants: Tenants) => checkTenants(acmeConfig({ tenants })).errors;

describe('tenants', () => {
  it('name residencies and models that exist; the wildcard is all models', () => {
    expect(errors({ one: { residencies: ['eu'], models: ['*'] } })).toEqual([]);
    expect(errors({ one: { residencies: ['eu', 'mars'], models: ['chat-small', 'chat-huge'] } })).toEqual([
      {
        path: 'tenants.one.residencies[1]',
        message: 'there is no residency "mars"; there are us, eu, japan, frankfurt, anywhere',
      },
      {
        path: 'tenants.one.models[1]',
        message: 'there is no model "chat-huge"; there are chat-large, chat-small, embed, *',
      },
    ]);
  });

  it('default to one of their own residencies', () => {
    expect(errors({ one: { residencies: ['eu'], defaultResidency: 'us' } })).toEqual([
      { path: 'tenants.one.defaultResidency', message: '"us" is not among the tenant\'s residencies, eu' },
    ]);
  });

  it('share no key, and no message tells it', () => {
    const found = errors({
      one: { keys: ['sk-same', 'sk-same'], residencies: ['eu'] },
      two: { keys: ['sk-same'], residencies: ['eu'] },
    });
    expect(found.map(({ path }) => path)).toEqual(['tenants.one.keys[1]', 'tenants.two.keys[0]']);
    expect(JSON.stringify(found)).not.toContain('sk-same');
  });

  it('trust tokens that open one tenant', () => {
    const trust = { issuer: 'https://login.example.com', audience: 'spillway' };
    const tenant = (claims: Record<string, string>) => ({
      residencies: ['eu'],
      tokens: [{ ...trust, claims }],
    });
    expect(errors({ one: tenant({ team: 'a' }), two: tenant({ team: 'b' }) })).toEqual([]);
    expect(errors({ one: tenant({ a: '1', b: '2' }), two: tenant({ b: '2', a: '1' }) })).toEqual([
      { path: 'tenants.two.tokens[0]', message: expect.stringContaining('tenant "one" trusts already') },
    ]);
  });
});
