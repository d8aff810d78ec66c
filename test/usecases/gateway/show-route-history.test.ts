import { describe, expect, it } from 'vitest';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { routeDifferenceSchema, routeHistorySchema } from '#contract/route-history.ts';
import type { Route } from '#core/plan/route.ts';
import { aGateway, gatewayStart } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const tokyo = aTarget({ region: 'ap-northeast-1' });
const usOnly = { name: 'narrow', residencies: ['us'], defaultResidency: 'us', models: ['chat-small'] };
const base = '/spillway/v1/routes/chat-small';

async function world(versions: readonly Partial<Route>[], tenant?: typeof usOnly) {
  const made = aGateway(
    tenant === undefined ? {} : { overrides: { tenants: { identify: async () => tenant } } },
  );
  for (const [index, changes] of versions.entries())
    await made.routes.publish(
      sealRoute(aRoute(changes), {
        version: index + 1,
        at: gatewayStart + index * 60_000,
        digest: cryptoDigest,
      }),
    );
  return made;
}

const threeVersions = [
  { targets: [east], reason: 'first route: 1 target' },
  { targets: [east, west], reason: `added ${west.id}` },
  { targets: [east], reason: 'rolled back to version 1 by ada: west answers slowly' },
];

describe('the history of a route', () => {
  it('has its versions newest first: when, why, by whom, and what each changed', async () => {
    const { get } = await world(threeVersions);
    const history = routeHistorySchema
      .strict()
      .parse(await (await get(`${base}/history?residency=us`)).json());
    const none = { added: [], removed: [], changed: [], detailed: [], reordered: false, hidden: 0 };
    expect(history).toEqual({
      model: 'chat-small',
      residency: 'us',
      versions: [
        {
          version: 3,
          publishedAt: '2026-11-21T08:02:00.000Z',
          reason: 'rolled back to version 1 by ada: west answers slowly',
          by: 'ada',
          targets: 1,
          changes: { ...none, removed: [west.id] },
        },
        {
          version: 2,
          publishedAt: '2026-11-21T08:01:00.000Z',
          reason: `added ${west.id}`,
          targets: 2,
          changes: { ...none, added: [west.id] },
        },
        {
          version: 1,
          publishedAt: '2026-11-21T08:00:00.000Z',
          reason: 'first route: 1 target',
          targets: 1,
          changes: { ...none, added: [east.id] },
        },
      ],
      holds: [],
      at: '2026-11-21T08:00:00.000Z',
    });
  });

  it('tells the holds that still last, of this route alone', async () => {
    const { get, routes } = await world(threeVersions);
    const hold = { model: 'chat-small', residency: 'us', by: 'ada', reason: 'a release' };
    await routes.saveHold({ ...hold, residency: 'eu', until: '2026-11-22T08:00:00.000Z' });
    const read = async () => routeHistorySchema.parse(await (await get(`${base}/history`)).json()).holds;
    expect(await read()).toEqual([]);
    await routes.saveHold({ ...hold, until: '2026-11-22T08:00:00.000Z' });
    expect(await read()).toEqual([
      { by: 'ada', reason: 'a release', until: '2026-11-22T08:00:00.000Z', region: 'us-east-1' },
    ]);
    await routes.saveHold({ ...hold, until: '2026-11-21T08:00:00.000Z' });
    expect(await read()).toEqual([]);
  });

  it('names no target outside the viewer’s residencies, not in its reasons either', async () => {
    const versions = [{ targets: [east, tokyo] }, { targets: [east], reason: `removed ${tokyo.id} (gone)` }];
    const { get } = await world(versions, usOnly);
    for (const path of [
      `${base}/history`,
      `${base}/difference?from=2&to=1`,
      `${base}/difference?from=1&to=2`,
    ]) {
      const response = await get(path);
      const text = await response.text();
      expect([response.status, text.includes('ap-northeast-1')]).toEqual([200, false]);
    }
    const { changes, forbidden, forbiddenHidden } = routeDifferenceSchema.parse(
      await (await get(`${base}/difference?from=2&to=1`)).json(),
    );
    expect([changes.added, changes.hidden, forbidden, forbiddenHidden]).toEqual([[], 1, [], 1]);
  });

  it('names no target that only a version held which is not kept any more', async () => {
    const versions = [{ targets: [east], reason: `removed ${tokyo.id} (gone), added ${east.id}` }];
    const reasonIn = async (tenant?: typeof usOnly) => {
      const { get } = await world(versions, tenant);
      return routeHistorySchema.parse(await (await get(`${base}/history?residency=us`)).json()).versions[0]
        ?.reason;
    };
    expect(await reasonIn(usOnly)).toBe(`removed (a target that is not told) (gone), added ${east.id}`);
  });

  it.each([
    ['chat-small/history?residency=eu', 404, 'not_found'],
    ['nobody/history', 404, 'model_not_found'],
    ['chat-small/history?residency=mars', 400, 'unknown_residency'],
    ['chat-small/difference?from=1', 400, 'invalid_request'],
    ['chat-small/difference?from=1&to=', 400, 'invalid_request'],
    ['chat-small/difference?from=1.5&to=2', 400, 'invalid_request'],
    ['chat-small/difference?from=1e99&to=2', 400, 'invalid_request'],
    ['chat-small/difference?from=1&to=9', 404, 'not_found'],
    ['chat-small/difference?from=9&to=1', 404, 'not_found'],
    ['nobody/difference?from=1&to=2', 404, 'model_not_found'],
    ['chat-small/other', 404, 'not_found'],
  ])('%s is refused with %i', async (path, status, code) => {
    const { get } = await world(threeVersions);
    const response = await get(`/spillway/v1/routes/${path}`);
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      status,
      code,
    ]);
  });

  it('is refused to a key that nobody knows, and to a tenant without the model or residency', async () => {
    const stranger = await world(threeVersions);
    for (const path of [`${base}/history`, `${base}/difference?from=1&to=2`, '/spillway/v1/routes'])
      expect((await stranger.get(path, { authorization: 'Bearer no' })).status).toBe(401);
    const narrow = await world(threeVersions, usOnly);
    expect((await narrow.get('/spillway/v1/routes/embed/history')).status).toBe(404);
    expect((await narrow.get(`${base}/history?residency=eu`)).status).toBe(403);
  });

  it('says that it cannot be read where the table does not answer', async () => {
    const never = () => new Promise<never>(() => undefined);
    const { routes } = aGateway();
    const overrides = { routes: { ...routes, loadHistory: never, loadVersion: never } };
    const { get } = aGateway({ overrides });
    for (const path of [`${base}/history`, `${base}/difference?from=1&to=2`]) {
      const response = await get(path);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    }
  });
});

describe('the difference of two versions', () => {
  it('is what would change, and what the residency forbids today', async () => {
    const { get } = await world([{ targets: [west, tokyo], baseline: [tokyo] }, { targets: [east, west] }]);
    const difference = routeDifferenceSchema
      .strict()
      .parse(await (await get(`${base}/difference?residency=us&from=2&to=1`)).json());
    expect(difference).toEqual({
      model: 'chat-small',
      residency: 'us',
      from: 2,
      to: 1,
      changes: {
        added: [tokyo.id],
        removed: [east.id],
        changed: [],
        detailed: [],
        reordered: false,
        hidden: 0,
      },
      forbidden: [tokyo.id],
      forbiddenHidden: 0,
      targets: 2,
    });
  });
});
