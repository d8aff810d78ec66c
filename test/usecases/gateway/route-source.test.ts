import { describe, expect, it } from 'vitest';
import { toHouseError } from '#adapters/aws/to-house-error.ts';
import { createMemoryLastGoodStore } from '#adapters/memory/memory-last-good-store.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import type { Route } from '#core/plan/route.ts';
import { createSeededRandom } from '#core/units/random.ts';
import {
  aGateway,
  configWithoutBaseline,
  type GatewayOptions,
  gatewayStart,
} from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createRouteSource } from '#usecases/gateway/route-source.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const never = new Promise<never>(() => undefined);
type LoadAll = () => Promise<{ readonly routes: readonly Route[]; readonly badItems: number }>;

/** A gateway whose table answers what the test says, anew at each read. */
function tabled(loadAll: LoadAll, options: GatewayOptions = {}) {
  const unused = async () => {
    throw new Error('not used');
  };
  const saved = async () => undefined;
  const routes = {
    region: 'us-east-1',
    load: async () => undefined,
    loadAll,
    publish: unused,
    loadHistory: unused,
    loadVersion: unused,
    loadHolds: unused,
    saveHold: saved,
    loadSignals: unused,
    saveSignal: saved,
  };
  return aGateway({
    config: configWithoutBaseline(),
    ...options,
    overrides: { routes, ...options.overrides },
  });
}
const inTable =
  (...targets: (typeof east)[]) =>
  async () => ({ routes: [aRoute({ targets })], badItems: 0 });
const failing: LoadAll = async () => {
  throw new Error('down');
};

const keyRefused: LoadAll = async () => {
  const said = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };
  throw toHouseError(Object.assign(new Error('the key is disabled'), said), 'Scan');
};

async function routeOf(world: ReturnType<typeof aGateway>) {
  const body = { model: 'chat-small', messages: [{ role: 'user', content: 'x' }] };
  const answer = (await (await world.post('/spillway/v1/explain', body)).json()) as {
    readonly plan: readonly string[];
    readonly route: { readonly source: string; readonly version: number };
  };
  return { plan: answer.plan, source: answer.route.source, version: answer.route.version };
}

describe('routes', () => {
  it('come from the table', async () => {
    const world = tabled(inTable(east));
    await world.gateway.start();
    world.gateway.stop();
    expect(await routeOf(world)).toEqual({ plan: [east.id], source: 'table', version: 1 });
  });

  it.each([
    ['fails', failing],
    ['hangs', () => never],
    ['has a key that is disabled', keyRefused],
  ])(
    'come from what outlived the last process when the table %s, and the start still takes 250 ms at most',
    async (_, loadAll) => {
      const world = tabled(loadAll, {
        lastGood: { savedAt: 0, routes: [aRoute({ targets: [west], version: 7 })] },
      });
      const startedMs = world.clock.monotonicMs();
      await world.gateway.start();
      expect(world.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(250);
      world.gateway.stop();
      expect(await routeOf(world)).toEqual({ plan: [west.id], source: 'last-good', version: 7 });
      expect(world.gateway.isReady()).toEqual({ ready: true, missing: [] });
    },
  );

  it('that outlived a process are judged for residency again', async () => {
    const outside = aTarget({ region: 'eu-central-1' });
    const world = tabled(failing, { lastGood: { savedAt: 0, routes: [aRoute({ targets: [outside] })] } });
    await world.gateway.start();
    world.gateway.stop();
    expect((await world.chat()).status).toBe(403);
    expect(world.invoker.calls).toEqual([]);
  });

  const text = 'Say hello.';
  const messages = [{ role: 'user', content: text }];
  const own = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 50 };
  const converse = { messages: [{ role: 'user', content: [{ text }] }] };
  it.each([
    ['/v1/chat/completions', { model: 'chat-small', messages }, { error: { code: 'not_ready' } }],
    ['/v1/responses', { model: 'chat-small', input: text }, { error: { code: 'not_ready' } }],
    [
      '/v1/messages',
      { model: 'chat-small', max_tokens: 50, messages },
      { type: 'error', error: { code: 'not_ready' } },
    ],
    ['/model/chat-small/converse', converse, { code: 'not_ready' }],
    ['/model/chat-small/converse-stream', converse, { code: 'not_ready' }],
    ['/model/chat-small/invoke', { ...own, messages }, { code: 'not_ready' }],
  ])('that nobody could read are no word on what is lawful: %s', async (path, body, error) => {
    const world = tabled(failing);
    await world.gateway.start();
    world.gateway.stop();
    const response = await world.post(path, body);
    const { headers } = response;
    expect([response.status, headers.get('retry-after'), headers.get('x-should-retry')]).toEqual([
      503,
      '5',
      null,
    ]);
    expect(await response.json()).toMatchObject(error);
    if (path.startsWith('/model/'))
      expect(headers.get('x-amzn-errortype')).toContain('ServiceUnavailableException');
    expect(world.invoker.calls).toEqual([]);
  });

  it('that nobody could read are known once a whole table was read, and while one item was bad are not', async () => {
    let loadAll: LoadAll = async () => ({ routes: [], badItems: 1 });
    const world = tabled(() => loadAll(), { leap: false });
    await world.gateway.start();
    expect((await world.chat()).status).toBe(503);
    loadAll = async () => ({ routes: [], badItems: 0 });
    world.clock.advance(6000);
    await turns();
    expect((await world.chat()).status).toBe(403);
    loadAll = failing;
    world.clock.advance(6000);
    await turns();
    world.gateway.stop();
    expect((await world.chat()).status).toBe(403);
  });

  it('are the compiled baseline where nothing else is known', async () => {
    const world = aGateway({ overrides: { lastGood: { load: failing as never, save: failing as never } } });
    expect(await routeOf(world)).toMatchObject({ source: 'baseline', version: 0 });
    const response = await world.chat();
    expect([response.status, response.headers.get('x-spillway-tier')]).toEqual([200, 'baseline']);
  });

  it('stay as they are when the table fails later, and are called last-good then', async () => {
    let loadAll: LoadAll = inTable(east);
    const world = tabled(() => loadAll(), { leap: false });
    await world.gateway.start();
    loadAll = failing;
    world.clock.advance(6000);
    await turns();
    expect(await routeOf(world)).toMatchObject({ plan: [east.id], source: 'last-good' });
    expect(world.events).toContain('refresh-failed');
    loadAll = inTable(west);
    world.clock.advance(6000);
    await turns();
    world.gateway.stop();
    expect(await routeOf(world)).toMatchObject({ plan: [west.id], source: 'table' });
  });

  it('stay when their item turns bad or is missing, and that is counted', async () => {
    let loadAll: LoadAll = inTable(east);
    const world = tabled(() => loadAll(), { leap: false });
    await world.gateway.start();
    loadAll = async () => ({ routes: [], badItems: 1 });
    world.clock.advance(6000);
    await turns();
    world.gateway.stop();
    expect(await routeOf(world)).toMatchObject({ plan: [east.id], source: 'last-good' });
    expect(world.events).toContain('bad-route-item');
  });

  it('do not go back to what a lagging replica shows, but follow a rollback', async () => {
    let route = aRoute({ version: 5, targets: [east], publishedAt: '2026-11-21T07:05:00.000Z' });
    const world = tabled(async () => ({ routes: [route], badItems: 0 }), { leap: false });
    await world.gateway.start();
    const publish = async (changes: Partial<Route>) => {
      route = aRoute(changes);
      world.clock.advance(6000);
      await turns();
      return routeOf(world);
    };
    const stale = await publish({ version: 4, targets: [west], publishedAt: '2026-11-21T07:04:00.000Z' });
    expect(stale).toMatchObject({ plan: [east.id], version: 5 });
    const rolledBack = await publish({
      version: 4,
      targets: [west],
      publishedAt: '2026-11-21T07:06:00.000Z',
    });
    expect(rolledBack).toMatchObject({ plan: [west.id], version: 4 });
    world.gateway.stop();
  });

  it('are kept for the next process when they changed, and only then', async () => {
    const world = tabled(inTable(east), { leap: false });
    await world.gateway.start();
    world.clock.advance(6000);
    await turns();
    world.gateway.stop();
    expect(world.saved).toHaveLength(1);
    expect(world.saved[0]).toMatchObject({ savedAt: gatewayStart, routes: [{ model: 'chat-small' }] });
  });

  it('after a long freeze are waited for, for a tenth of a second at most', async () => {
    let loadAll: LoadAll = inTable(east);
    const world = tabled(() => loadAll());
    await world.gateway.start();
    world.gateway.stop();
    await turns();
    loadAll = inTable(west);
    world.clock.advance(61_000);
    expect(await routeOf(world)).toMatchObject({ plan: [west.id], source: 'table' });
    loadAll = () => never;
    world.clock.advance(61_000);
    const startedMs = world.clock.monotonicMs();
    expect((await world.chat()).status).toBe(200);
    expect(world.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(100);
  });
});

it('of the compiled baseline alone are the same lists for every request, and none are kept of a name that nobody knows', () => {
  const source = createRouteSource({
    routes: createMemoryRouteStore(),
    lastGood: createMemoryLastGoodStore(),
    baselines: [{ model: 'chat-small', residency: 'us', declaredFor: 'us', target: east }],
    account: east.account,
    clock: createVirtualClock(gatewayStart),
    random: createSeededRandom('routes'),
    log: { write: () => undefined },
    metrics: { count: () => undefined, record: () => undefined, ejected: () => undefined },
  });
  const known = source.routeFor('chat-small', 'us');
  expect(known.baseline).toEqual([east]);
  expect(source.routeFor('chat-small', 'us')).toBe(known);
  expect(source.routeFor('gone', 'us')).not.toBe(source.routeFor('gone', 'us'));
});

it('stay one object as long as the store answers the same ones, so that what is remembered of their lists is not made anew', async () => {
  let route = aRoute({ targets: [east] });
  const source = createRouteSource({
    routes: {
      ...createMemoryRouteStore(),
      loadAll: async () => ({ routes: [route], badItems: 0 }),
    },
    lastGood: createMemoryLastGoodStore(),
    baselines: [],
    account: east.account,
    clock: createVirtualClock(gatewayStart),
    random: createSeededRandom('routes'),
    log: { write: () => undefined },
    metrics: { count: () => undefined, record: () => undefined, ejected: () => undefined },
  });
  await source.refresh();
  const first = source.routeFor('chat-small', 'us');
  await source.refresh();
  expect(source.routeFor('chat-small', 'us')).toBe(first);
  route = aRoute({ targets: [west], checksum: '1'.repeat(64) });
  await source.refresh();
  expect(source.routeFor('chat-small', 'us').targets).toEqual([west]);
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}
