/** What it must show, 3: a model that an account may use and whose quota is zero there is never called. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteItem } from '#contract/route-item.ts';
import { chat, eventually, type SpillwayProcess, startSpillway } from './spillway-process.ts';

const account = '111111111111';
const lite = 'amazon.nova-lite-v1:0';
const region = 'us-west-2';
const plain = `${account}/${region}/${lite}`;
const profile = `${account}/${region}/us.${lite}`;
const key = { authorization: 'Bearer sk-local' };

const config = {
  name: 'quotas',
  home: { account, region: 'us-east-1' },
  accounts: [{ id: account, regions: ['us-east-1', region] }],
  gateways: [region],
  residencies: { us: { jurisdictions: ['US'] } },
  models: { small: { candidates: [lite], baseline: { us: ['us-east-1'] } } },
  tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us' } },
};

let spillway: SpillwayProcess;
beforeAll(async () => {
  // Service Quotas is asked in the first run that has a list of models: so the quota stands before that run.
  const faults = [{ service: 'bedrock', operation: 'ListFoundationModels', region, kind: 'throttle' }];
  spillway = await startSpillway({ config, faults, parameters: ['--discover-every', '1'] });
  await spillway.control('PATCH', 'quotas', {
    region,
    account,
    modelId: lite,
    scope: 'on-demand',
    tokensPerMinute: 0,
  });
  await spillway.control('DELETE', 'faults');
});
afterAll(() => spillway?.close());

interface Row {
  readonly id: string;
  readonly state: string;
  readonly reasons: readonly string[];
  readonly hint: { readonly who: string; readonly text: string };
}

const read = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${spillway.gatewayUrl(region)}${path}`, { headers: key })).json()) as T;
const rowOf = async (id: string, at: string): Promise<Row | undefined> =>
  (
    await read<{ targets: readonly Row[] }>(`/spillway/v1/availability?region=${at}&model=small`)
  ).targets.find((row) => row.id === id);
const routeIds = async (): Promise<readonly string[]> =>
  (await read<RouteItem>('/spillway/v1/routes/small?residency=us')).targets.map((target) => target.id);

describe('a quota of zero', () => {
  it('is shown with its reason and who can repair it, for its scope and region alone', async () => {
    const row = await eventually(async () => {
      const found = await rowOf(plain, region);
      return found?.state === 'quota-zero' ? found : undefined;
    }, 'the quota to be seen');
    expect(row.reasons).toEqual(['zero-tokens-per-minute']);
    expect(row.hint.who).toBe('account-owner');
    expect(row.hint.text).toContain('Service Quotas');
    expect((await rowOf(profile, region))?.state).toBe('available');
    expect((await rowOf(`${account}/us-east-1/${lite}`, 'us-east-1'))?.state).toBe('available');
  });

  it('keeps the target out of the route and every call away from it, and the other scopes in', async () => {
    const ids = await eventually(async () => {
      const found = await routeIds();
      return found.includes(profile) ? found : undefined;
    }, 'the route of the region');
    expect(ids).not.toContain(plain);
    expect(ids).toContain(`${account}/us-east-1/${lite}`);
    for (let index = 0; index < 20; index += 1) {
      const response = await chat(spillway.gatewayUrl(region), { body: { model: 'small' } });
      await response.text();
      expect(response.status).toBe(200);
    }
    const calls = await spillway.journal('?service=bedrock-runtime');
    expect(calls.length).toBeGreaterThanOrEqual(20);
    expect(calls.filter((call) => call.region === region && call.target === lite)).toEqual([]);
    expect(calls.filter((call) => call.status !== 200)).toEqual([]);
  });

  it('is asked for page by page, once for each place and not in every round', async () => {
    const from = (await spillway.journal()).at(-1)?.seq ?? 0;
    await eventually(async () => {
      const lists = await spillway.journal(`?service=bedrock&since=${from}`);
      const rounds = lists.filter(
        (call) => call.region === region && call.operation === 'ListFoundationModels',
      );
      return rounds.length > 2 ? true : undefined;
    }, 'two more rounds');
    expect(await spillway.journal(`?service=servicequotas&since=${from}`)).toEqual([]);
    const asked = await spillway.journal('?service=servicequotas');
    expect(new Set(asked.map((call) => call.region))).toEqual(new Set(['us-east-1', region]));
    expect(asked.every((call) => call.status === 200)).toBe(true);
  });
});
