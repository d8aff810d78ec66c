import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';

describe('a route', () => {
  const east = aTarget();
  const west = aTarget({ region: 'us-west-2' });
  const published = aRoute({ targets: [east, west] });

  it('is the table’s item, ordered as seen from a region on request', async () => {
    const { get, routes, gateway } = aGateway({ routes: [published] });
    await gateway.start();
    gateway.stop();
    await routes.publish(published);
    expect(await (await get('/spillway/v1/routes/chat-small')).json()).toEqual(published);
    const fromWest = (await (
      await get('/spillway/v1/routes/chat-small?residency=us&from=us-west-2')
    ).json()) as typeof published;
    expect(fromWest.targets.map(({ id }) => id)).toEqual([west.id, east.id]);
  });

  it('names no target in its reason that the caller may not see, in this version or the one before', async () => {
    const abroad = aTarget({ region: 'eu-central-1', account: '222222222222' });
    const first = aRoute({ targets: [east, abroad], version: 1 });
    const reason = `removed what residency us forbids (${abroad.id}), added ${east.id}; 333333333333/eu-west-1/x is away`;
    const second = aRoute({ targets: [east], version: 2, reason });
    const tenant = { name: 'bound', residencies: ['us'], defaultResidency: 'us', models: ['*'] };
    const { get, routes } = aGateway({ overrides: { tenants: { identify: async () => tenant } } });
    await routes.publish(first);
    await routes.publish(second);
    const told = (await (await get('/spillway/v1/routes/chat-small')).json()) as typeof second;
    expect(told.version).toBe(2);
    expect(told.reason).toBe(
      `removed what residency us forbids ((a target outside your residencies)), added ${east.id}; (a target that is not told) is away`,
    );
  });

  it('lists no target that the table still holds outside the caller’s residencies', async () => {
    const abroad = aTarget({ region: 'eu-central-1', account: '222222222222' });
    const tenant = { name: 'bound', residencies: ['us'], defaultResidency: 'us', models: ['*'] };
    const { get, routes } = aGateway({ overrides: { tenants: { identify: async () => tenant } } });
    await routes.publish(aRoute({ targets: [abroad, east, west], baseline: [east, abroad] }));
    for (const query of ['', '?from=us-west-2']) {
      const text = await (await get(`/spillway/v1/routes/chat-small${query}`)).text();
      expect([text.includes(east.id), text.includes(west.id)]).toEqual([true, true]);
      expect(text).not.toMatch(/222222222222|eu-central-1/);
    }
  });

  it('comes from memory when the table does not answer', async () => {
    const never = () => new Promise<never>(() => undefined);
    const world = aGateway();
    const { get, gateway } = aGateway({
      overrides: {
        routes: { ...world.routes, load: never, loadAll: async () => ({ routes: [published], badItems: 0 }) },
      },
    });
    await gateway.start();
    gateway.stop();
    expect(await (await get('/spillway/v1/routes/chat-small')).json()).toEqual(published);
  });

  it.each([
    ['chat-small?residency=eu', 404, 'not_found'],
    ['nobody', 404, 'model_not_found'],
    ['chat-small?residency=mars', 400, 'unknown_residency'],
    ['chat-small?from=mars', 400, 'invalid_request'],
    ['%ff', 404, 'not_found'],
  ])('%s is refused with %i', async (path, status, code) => {
    const { get } = aGateway();
    const response = await get(`/spillway/v1/routes/${path}`);
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      status,
      code,
    ]);
  });
});
