import { describe, expect, it } from 'vitest';
import { type LiveEvent, liveEventSchema } from '#contract/live.ts';
import { aGateway, configWithoutBaseline, type GatewayOptions } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal } from '#test/builders/scripted-invoker.ts';
import { VIEW_SUBSCRIBERS_MAX } from '#usecases/gateway/live-desk.ts';
import type { Tenant } from '#usecases/ports/tenant-directory.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

const tenants: Readonly<Record<string, Tenant>> = {
  'sk-local': { name: 'demo', residencies: ['us', 'eu'], defaultResidency: 'us', models: ['*'] },
  'sk-other': { name: 'other', residencies: ['us'], defaultResidency: 'us', models: ['*'] },
  /** A key of the same tenant that may use less. */
  'sk-narrow': { name: 'demo', residencies: ['us'], defaultResidency: 'us', models: ['chat-large'] },
};

/** Time stands until the test moves it. */
async function aWatchedGateway(options: GatewayOptions = {}) {
  const world = aGateway({
    routes: [aRoute({ targets: [east, west] })],
    leap: false,
    ...options,
    overrides: {
      servesMany: true,
      tenants: { identify: (key) => tenants[key] ?? 'unknown' },
      ...options.overrides,
    },
  });
  await world.gateway.start();
  world.gateway.stop();
  return world;
}

type World = Awaited<ReturnType<typeof aWatchedGateway>>;

async function listen(world: World, key = 'sk-local', headers: Readonly<Record<string, string>> = {}) {
  const stop = new AbortController();
  const response = await world.gateway.handle(
    new Request('http://gateway.test/spillway/v1/events', {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: stop.signal,
    }),
  );
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const text = async () => {
    const { done, value } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  const greeting = await text();
  const next = async (): Promise<LiveEvent & { readonly id: string }> => {
    const [, id = '', data = ''] = /^id: (.+)\ndata: (.+)\n\n$/.exec((await text()) ?? '') ?? [];
    return { ...liveEventSchema.strict().parse(JSON.parse(data)), id };
  };
  const second = () => {
    world.clock.advance(1000);
    return next();
  };
  return { response, greeting, text, next, second, leave: () => stop.abort() };
}

/** In steps of ten milliseconds, until an answer is there. */
async function movedUntil(world: World, answer: Promise<unknown>): Promise<void> {
  let isOver = false;
  void answer.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await settledNow();
    if (!isOver) world.clock.advance(10);
  }
}

/** All that needs no time has happened. */
async function settledNow(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

const idle = { waiting: 0, slots: 0 };

const callAs = (world: World, key: string) => world.chat({}, { authorization: `Bearer ${key}` });

describe('live events', () => {
  it('tell the requests of each second, once, and percentiles and cost of the last minute', async () => {
    const world = await aWatchedGateway();
    const { response, greeting, second } = await listen(world);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(greeting).toContain('retry: 1000\n\n');
    await world.chat();
    await world.chat();
    const first = await second();
    expect(first).toMatchObject({
      gateway: 'us-east-1',
      sees: 'tenant',
      requests: 2,
      tiers: { dedicated: 0, serverless: 2, baseline: 0, none: 0 },
      outcomes: { answered: 2 },
      models: [{ model: 'chat-small', requests: 2 }],
    });
    expect(first.outputTokens).toBeGreaterThan(0);
    expect(first.costUsdPerHour).toBeGreaterThan(0);
    const quiet = await second();
    expect(quiet).toMatchObject({
      requests: 0,
      outcomes: {},
      models: [{ model: 'chat-small', requests: 2 }],
    });
    let last = quiet;
    for (let waited = 0; waited < 60; waited += 1) last = await second();
    expect(last).toMatchObject({ models: [], costUsdPerHour: 0 });
  });

  it('show the way of a slow request, and nothing that its caller wrote', async () => {
    const world = await aWatchedGateway();
    const { second } = await listen(world);
    const throttled = aSignal({ httpStatus: 429, errorName: 'ThrottlingException' });
    world.invoker.script(east.id, { afterMs: 30, failsBefore: throttled });
    world.invoker.script(west.id, { ...answering(), afterMs: 200 });
    const answer = world.chat({ messages: [{ role: 'user', content: 'a secret of mine' }] });
    await movedUntil(world, answer);
    const event = await second();
    expect(event).toMatchObject({ failovers: 1, outcomes: { answered: 1 } });
    expect(event.slow).toMatchObject([
      {
        model: 'chat-small',
        residency: 'us',
        outcome: 'answered',
        decidedMs: 0,
        waitedForSlotMs: 0,
        attempts: [
          { target: east.id, tier: 'serverless', outcome: 'throttled', startedMs: 0, durationMs: 30 },
          { target: west.id, tier: 'serverless', outcome: 'answered', startedMs: 30, durationMs: 200 },
        ],
        firstContentMs: 230,
        totalMs: 230,
      },
    ]);
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('count the calls that wait in a line and hold slots, by lane and target', async () => {
    const limited = { ...east, share: { 'us-east-1': 1 } };
    const world = await aWatchedGateway({
      config: configWithoutBaseline(),
      routes: [aRoute({ targets: [limited] })],
    });
    const own = await listen(world);
    const other = await listen(world, 'sk-other');
    world.invoker.script(east.id, { ...answering(), afterMs: 300 });
    // A call waits for less than a second where nobody else may answer it.
    world.clock.advance(900);
    const calls = Promise.all([callAs(world, 'sk-local'), callAs(world, 'sk-other')]);
    await settledNow();
    world.clock.advance(100);
    const [seen, seenByOther] = [await own.next(), await other.next()];
    expect(seen.lanes.interactive.slots + seenByOther.lanes.interactive.slots).toBe(1);
    expect(seen.lanes.interactive.waiting + seenByOther.lanes.interactive.waiting).toBe(1);
    expect([...seen.targets, ...seenByOther.targets]).toEqual([{ target: east.id, slots: 1 }]);
    expect([seen.lanes.bulk, seenByOther.lanes.standard]).toEqual([idle, idle]);
    await movedUntil(world, calls);
  });
});

describe('who listens', () => {
  it('sees its own tenant, and of that what its key may use', async () => {
    const world = await aWatchedGateway();
    const own = await listen(world);
    const narrow = await listen(world, 'sk-narrow');
    const other = await listen(world, 'sk-other');
    await callAs(world, 'sk-local');
    expect(await own.second()).toMatchObject({ requests: 1, sees: 'tenant' });
    expect(await narrow.next()).toMatchObject({ requests: 0, models: [], targets: [], slow: [] });
    expect(await other.next()).toMatchObject({ requests: 0, models: [], targets: [], slow: [] });
  });

  it('sees everything as an operator, and how many slots there are', async () => {
    const operators = { ofPrincipal: () => undefined, ofToken: async () => ({ name: 'ops' }) };
    const world = await aWatchedGateway({
      routes: [aRoute({ targets: [{ ...east, share: { 'us-east-1': 4 } }] })],
      overrides: { operations: { operators: operators as never, run: async () => ({}) } },
    });
    const operator = await listen(world, 'eyJh.eyJo.x');
    await callAs(world, 'sk-local');
    await callAs(world, 'sk-other');
    world.invoker.script(east.id, { hangs: 'before' });
    const leaves = new AbortController();
    const hanging = world.chat({}, {}, leaves.signal);
    await settledNow();
    expect(await operator.second()).toMatchObject({
      requests: 2,
      sees: 'everything',
      models: [{ model: 'chat-small', requests: 2 }],
      targets: [{ target: east.id, slots: 1, slotsMax: 4 }],
    });
    leaves.abort();
    await hanging;
  });

  it('is refused without a key, and where a process answers one request at a time', async () => {
    const world = await aWatchedGateway();
    const nobody = await world.get('/spillway/v1/events', { authorization: 'Bearer sk-none' });
    expect(nobody.status).toBe(401);
    expect(await nobody.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    const alone = await aWatchedGateway({ overrides: { servesMany: false } });
    const answer = await alone.get('/spillway/v1/events');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('one request at a time') },
    });
  });

  it('is told to come back where too many listen, and has a place again when somebody left', async () => {
    const world = await aWatchedGateway();
    const listeners = [];
    for (let place = 0; place < VIEW_SUBSCRIBERS_MAX; place += 1) listeners.push(await listen(world));
    const refused = await world.get('/spillway/v1/events');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    const other = await listen(world, 'sk-other');
    expect(other.response.status).toBe(200);
    listeners[0]?.leave();
    const again = await listen(world);
    expect(again.response.status).toBe(200);
  });
});

describe('a listener', () => {
  it('that comes back with the last id that it saw is told what it missed', async () => {
    const world = await aWatchedGateway();
    const one = await listen(world);
    await world.chat();
    const { id } = await one.second();
    one.leave();
    await world.chat();
    await world.chat();
    world.clock.advance(1000);
    const again = await listen(world, 'sk-local', { 'last-event-id': id });
    expect(await again.next()).toMatchObject({ requests: 2 });
    const stranger = await listen(world, 'sk-local', { 'last-event-id': id.replace('request', 'other') });
    expect(await stranger.second()).toMatchObject({ requests: 0 });
  });

  it('that reads nothing is let go when more has come than is kept', async () => {
    const world = await aWatchedGateway();
    const slow = await listen(world);
    const quick = await listen(world);
    for (let second = 0; second < 32; second += 1) await quick.second();
    expect(await slow.text()).toBeUndefined();
    expect(await quick.second()).toMatchObject({ requests: 0 });
  });

  it('is to come back after five minutes, so that its key is judged anew', async () => {
    const world = await aWatchedGateway();
    const { second, text } = await listen(world);
    for (let seconds = 0; seconds < 300; seconds += 1) await second();
    expect(await text()).toBeUndefined();
  });

  it('ends with the gateway, and a minute after the last has left nothing is counted', async () => {
    const world = await aWatchedGateway();
    const first = await listen(world);
    world.gateway.stop();
    expect(await first.text()).toBeUndefined();
    const second = await listen(world);
    const { id } = await second.second();
    second.leave();
    world.clock.advance(62_000);
    const third = await listen(world, 'sk-local', { 'last-event-id': id });
    expect((await third.second()).windowMs).toBe(1000);
  });
});
