import { expect, it } from 'vitest';
import { acmeConfig } from '#test/builders/configs.ts';
import { identifyViewer } from '#usecases/gateway/identify-viewer.ts';

const tenant = { name: 'demo', residencies: ['us'], models: ['embed'] };
const operator = 'eyJh.eyJo.x';
const services = {
  config: acmeConfig(),
  tenants: { identify: async (key: string) => (key === 'sk-local' ? tenant : ('unknown' as const)) },
  operations: {
    operators: {
      ofPrincipal: () => undefined,
      ofToken: async (token: string) => (token === operator ? { by: 'ada' } : ('not-operator' as const)),
    },
    run: async () => ({}),
  },
};
const viewer = (key: string) =>
  identifyViewer(services, { headers: new Headers({ authorization: `Bearer ${key}` }) });

it('is a tenant with its scopes, an operator with all of them, or nobody', async () => {
  expect(await viewer('sk-local')).toEqual({ ok: true, value: { tenant, isOperator: false } });
  expect(await viewer(operator)).toMatchObject({
    ok: true,
    value: {
      isOperator: true,
      tenant: { residencies: ['us', 'eu', 'japan', 'frankfurt', 'anywhere'], models: ['*'] },
    },
  });
  // A good token without the scope is a tenant's or nobody's.
  expect(await viewer('eyJh.eyJo.y')).toMatchObject({ ok: false, refusal: { code: 'invalid_api_key' } });
});
