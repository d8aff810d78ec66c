import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServiceQuotasInventory } from '#adapters/aws/service-quotas-inventory.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';
import type { ListedQuota } from '#usecases/ports/quota-inventory.ts';

let local: LocalClients;
beforeAll(async () => {
  local = await openLocalClients();
});
afterEach(() => local.control('DELETE', '/_local/faults'));
afterAll(() => local.close());

const { signal } = new AbortController();
const inventory = (region = 'us-east-1') =>
  createServiceQuotasInventory(new ServiceQuotasClient(local.settings(region)));
const fault = (rule: object) =>
  local.control('PUT', '/_local/faults', [{ service: 'servicequotas', ...rule }]);

async function allPages(region?: string): Promise<readonly (readonly ListedQuota[])[]> {
  const pages: (readonly ListedQuota[])[] = [];
  let token: string | undefined;
  do {
    const page = await inventory(region).listQuotas(token, signal);
    pages.push(page.quotas);
    token = page.nextToken;
  } while (token !== undefined);
  return pages;
}

describe('Bedrock’s quotas', () => {
  it('are listed page by page, each once, with the values of this account and region', async () => {
    await local.control('PATCH', '/_local/quotas', {
      region: 'us-west-2',
      account: '111111111111',
      modelId: 'amazon.nova-lite-v1:0',
      scope: 'cross-region',
      tokensPerMinute: 0,
    });
    const pages = await allPages('us-west-2');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.slice(0, -1).every((page) => page.length === 100)).toBe(true);
    const rows = pages.flat();
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
    expect(rows.filter((row) => row.value === 0)).toEqual([
      { name: 'Cross-region model inference tokens per minute for Amazon Nova Lite', value: 0 },
    ]);
  });

  it.each([
    [{ kind: 'throttle' }, 'throttled'],
    [{ kind: 'error', error: 'AccessDeniedException' }, 'access_denied'],
    [{ kind: 'error', error: 'NoSuchResourceException' }, 'resource_missing'],
    [{ kind: 'error', error: 'ServiceException' }, 'upstream_unavailable'],
    [{ kind: 'refuse' }, 'upstream_unavailable'],
  ])('under the fault %j throw %s', async (rule, code) => {
    await fault(rule);
    await expect(inventory().listQuotas(undefined, signal)).rejects.toMatchObject({ code });
  });

  it('are asked for once: the caller retries', async () => {
    await fault({ kind: 'throttle' });
    await local.control('DELETE', '/_local/journal');
    await expect(inventory().listQuotas(undefined, signal)).rejects.toMatchObject({ code: 'throttled' });
    expect(await local.control('GET', '/_local/journal')).toHaveLength(1);
  });

  it('end with the signal when they hang', async () => {
    await fault({ kind: 'hang' });
    await expect(inventory().listQuotas(undefined, AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'timed_out',
    });
  });
});
