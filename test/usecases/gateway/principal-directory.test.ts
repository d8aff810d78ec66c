import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { createPrincipalDirectory } from '#usecases/gateway/principal-directory.ts';

const account = '111111111111';
const arn = `arn:aws:iam::${account}:role/team/app`;
const scopes = { residencies: ['eu'], defaultResidency: 'eu', models: ['chat-small'] };
const signed = (name: string) => ({ account, arn: `arn:aws:sts::${account}:assumed-role/${name}` });

describe('whoever signed a request', () => {
  it('is the tenant that names the role, with the tenant’s scopes', () => {
    const identify = createPrincipalDirectory([{ tenant: 'ml', scopes, arn }]);
    expect(identify(signed('app/x'))).toEqual({
      ...scopes,
      name: 'ml',
      credential: { kind: 'principal', arn },
    });
    expect(identify(signed('other/x'))).toBe('unknown');
    expect(identify(signed('constructor/x'))).toBe('unknown');
  });

  it('is nobody where two tenants name the role', () => {
    const claims = ['ml', 'web', 'ml'].map((tenant) => ({ tenant, scopes, arn }));
    expect(createPrincipalDirectory(claims)(signed('app/x'))).toBe('unknown');
  });

  it('decides alone: a key beside the signature opens nothing, and no header makes a principal', async () => {
    const identifyPrincipal = createPrincipalDirectory([{ tenant: 'ml', scopes, arn }]);
    const { gateway } = aGateway({
      overrides: {
        tenants: {
          identify: async (key) => (key === 'sk-local' ? { ...scopes, name: 'keyed' } : 'unknown'),
          identifyPrincipal,
        },
      },
    });
    const models = async (
      principal: ReturnType<typeof signed> | undefined,
      headers: Record<string, string> = {},
    ) => {
      const request = new Request('http://gateway.test/v1/models', { headers });
      const response = await gateway.handle(request, principal);
      const body = (await response.json()) as { error?: { code: string }; data?: unknown };
      return `${response.status} ${body.error?.code ?? ''}`.trim();
    };
    expect(await models(signed('app/x'))).toBe('200');
    expect(await models(signed('stranger/x'))).toBe('403 principal_not_allowed');
    expect(await models(signed('stranger/x'), { 'x-api-key': 'sk-local' })).toBe('403 principal_not_allowed');
    expect(await models(undefined, { 'x-api-key': 'sk-local' })).toBe('200');
    const forged = { 'x-spillway-principal': arn, 'x-amzn-iam-user-arn': signed('app/x').arn };
    expect(await models(undefined, forged)).toBe('401 invalid_api_key');
    expect(await models(undefined, { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/x' })).toBe(
      '401 invalid_api_key',
    );
  });

  it('says nothing where the front door checks no signatures', async () => {
    const { gateway } = aGateway();
    const headers = { authorization: 'Bearer sk-local' };
    const request = new Request('http://gateway.test/v1/models', { headers });
    expect((await gateway.handle(request, signed('app/x'))).status).toBe(200);
    const bare = new Request('http://gateway.test/v1/models');
    expect((await gateway.handle(bare, signed('app/x'))).status).toBe(401);
  });
});
