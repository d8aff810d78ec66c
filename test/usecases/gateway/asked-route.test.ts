import { expect, it } from 'vitest';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { askedRoute } from '#usecases/gateway/asked-route.ts';
import type { Services } from '#usecases/gateway/services.ts';

const config = acmeConfig();
const policies = new Map(
  Object.entries(config.residencies).map(([name, spec]) => [name, resolveResidency(name, spec, facts)]),
);
const tenant = { name: 'narrow', residencies: ['us', 'eu'], models: ['chat-small'] };
// What it needs of a gateway, and nothing else.
const services = {
  config,
  policies,
  region: 'us-east-1',
  gatewayUrls: {},
  tenants: { identify: async (key: string) => (key === 'sk-one' ? tenant : 'unknown') },
} as unknown as Services;

async function ask(query: string, { model = 'chat-small', key = 'sk-one', residency = '' } = {}) {
  const headers = new Headers({ authorization: `Bearer ${key}` });
  if (residency !== '') headers.set('x-spillway-residency', residency);
  const url = new URL(`http://gateway.test/spillway/v1/routes/x${query}`);
  const request = new Request(url, { headers });
  const asked = await askedRoute(services, { request, url, requestId: 'r', at: 0, startedMs: 0 }, model);
  return asked.ok ? `${asked.model}/${asked.residency} of ${asked.viewer.tenant.name}` : asked.refusal.code;
}

it('is named by the query, else by the header, and never one that the viewer may not use', async () => {
  expect(await ask('?residency=eu')).toBe('chat-small/eu of narrow');
  expect(await ask('', { residency: 'us' })).toBe('chat-small/us of narrow');
  expect(await ask('?residency=eu', { residency: 'us' })).toBe('chat-small/eu of narrow');
  expect(await ask('')).toBe('residency_required');
  expect(await ask('?residency=japan')).toBe('residency_not_allowed');
  expect(await ask('?residency=mars')).toBe('unknown_residency');
  expect(await ask('?residency=us', { model: 'embed' })).toBe('model_not_found');
  expect(await ask('?residency=us', { key: 'sk-other' })).toBe('invalid_api_key');
});
