import { describe, expect, it } from 'vitest';
import { routeListSchema } from '#contract/route-history.ts';
import { aGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const usOnly = { name: 'narrow', residencies: ['us'], defaultResidency: 'us', models: ['chat-small'] };

describe('the list of routes', () => {
  it('says what may be asked, and the version of each route that this gateway works with', async () => {
    const { get, gateway } = aGateway({ routes: [aRoute({ version: 4, targets: [east, west] })] });
    await gateway.start();
    gateway.stop();
    const list = routeListSchema.strict().parse(await (await get('/spillway/v1/routes')).json());
    expect(list).toMatchObject({ from: 'us-east-1', defaultResidency: 'us' });
    expect([list.lanes, list.defaultLane]).toEqual([['interactive', 'standard', 'bulk'], 'interactive']);
    expect(list.gateways).toContain('eu-central-1');
    expect(list.models.find(({ name }) => name === 'embed')).toEqual({ name: 'embed', kind: 'embedding' });
    expect(list.routes.length).toBe(list.models.length * list.residencies.length);
    expect(
      list.routes.find(({ model, residency }) => model === 'chat-small' && residency === 'us'),
    ).toMatchObject({ version: 4, source: 'table', targets: 2 });
  });

  it('holds what the viewer may use and nothing else', async () => {
    const { get } = aGateway({ overrides: { tenants: { identify: async () => usOnly } } });
    const list = routeListSchema.parse(await (await get('/spillway/v1/routes')).json());
    expect([list.models.map(({ name }) => name), list.residencies]).toEqual([['chat-small'], ['us']]);
    expect(list.routes.map(({ model, residency }) => `${model}/${residency}`)).toEqual(['chat-small/us']);
  });

  it('offers the lanes that the tenant’s calls may name', async () => {
    const config = acmeConfig();
    const demo = config.tenants.demo;
    if (demo === undefined) throw new Error('the example has no tenant demo');
    const tenants = { ...config.tenants, demo: { ...demo, lanes: ['bulk' as const] } };
    const { get } = aGateway({ config: { ...config, tenants } });
    const list = routeListSchema.parse(await (await get('/spillway/v1/routes')).json());
    expect([list.lanes, list.defaultLane]).toEqual([['bulk'], 'bulk']);
  });
});
