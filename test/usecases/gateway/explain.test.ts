import { describe, expect, it } from 'vitest';
import { explanationSchema } from '#contract/http.ts';
import { aGateway, configWithoutBaseline, gatewayStart } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { anObservation } from '#test/builders/an-observation.ts';

const east = aTarget();
const frankfurt = aTarget({ account: '222222222222', region: 'eu-central-1' });
const body = { model: 'chat-small', messages: [{ role: 'user', content: 'x' }] };

async function world(region = 'us-east-1') {
  const made = aGateway({
    region,
    config: configWithoutBaseline(),
    routes: [aRoute({ targets: [frankfurt, east] })],
  });
  await made.gateway.start();
  made.gateway.stop();
  return made;
}

describe('explaining a call', () => {
  it('says where it would go, what was removed and why, and calls nothing', async () => {
    const { post, invoker } = await world();
    const response = await post('/spillway/v1/explain', body);
    const explanation = explanationSchema.parse(await response.json());
    expect(response.status).toBe(200);
    expect(explanation).toMatchObject({
      decision: 'routed',
      residency: 'us',
      from: 'us-east-1',
      plan: [east.id],
      removed: [{ target: frankfurt.id, by: 'residency', code: 'residency-forbidden' }],
      route: { model: 'chat-small', residency: 'us', version: 1, source: 'table' },
      at: '2026-11-21T08:00:00.000Z',
    });
    expect(explanation.scored.every(({ target }) => target === east.id)).toBe(true);
    expect(explanation).not.toHaveProperty('gateways');
    expect(invoker.calls).toEqual([]);
  });

  it('explains a rejection with 200', async () => {
    const { post } = await world('eu-central-1');
    const response = await post(
      '/spillway/v1/explain',
      { ...body, model: 'chat-large' },
      { 'x-spillway-residency': 'frankfurt' },
    );
    expect(response.status).toBe(200);
    expect(explanationSchema.parse(await response.json())).toMatchObject({
      decision: 'rejected',
      code: 'no_lawful_target',
      plan: [],
    });
  });

  it('names the lawful gateways where this one may not serve', async () => {
    const { post } = await world();
    const response = await post('/spillway/v1/explain', body, { 'x-spillway-residency': 'frankfurt' });
    expect(explanationSchema.parse(await response.json())).toMatchObject({
      decision: 'rejected',
      code: 'wrong_gateway_region',
      gateways: [{ region: 'eu-central-1', url: 'http://127.0.0.1:4001' }],
    });
  });

  it('is asked about another gateway region: its place decides, and the answer says who saw it', async () => {
    const { post } = await world();
    const abroad = explanationSchema.parse(
      await (await post('/spillway/v1/explain?from=eu-central-1', body)).json(),
    );
    expect(abroad).toMatchObject({
      decision: 'rejected',
      code: 'wrong_gateway_region',
      from: 'eu-central-1',
      seenFrom: 'us-east-1',
    });
    const frankfurt = { 'x-spillway-residency': 'frankfurt' };
    const inside = await post('/spillway/v1/explain?from=eu-central-1', body, frankfurt);
    expect(explanationSchema.parse(await inside.json()).code).toBe('no_lawful_target');
    const own = await post('/spillway/v1/explain?from=us-east-1', body);
    expect(explanationSchema.parse(await own.json())).not.toHaveProperty('seenFrom');
    const nowhere = await post('/spillway/v1/explain?from=us-west-9', body);
    expect([nowhere.status, await nowhere.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_request', param: 'from' } },
    ]);
  });

  it('refuses what a call would be refused for', async () => {
    const { post } = await world();
    expect((await post('/spillway/v1/explain', '{')).status).toBe(400);
    expect((await post('/spillway/v1/explain', body, { authorization: 'Bearer no' })).status).toBe(401);
    expect((await post('/spillway/v1/explain', { ...body, model: 'none' })).status).toBe(404);
  });

  it('names the fields of a body that is no chat', async () => {
    const { post } = await world();
    const response = await post('/spillway/v1/explain', { model: 'embed', input: 'x' });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error).toMatchObject({ code: 'invalid_request', param: 'messages' });
    expect(error.message).toMatch(/^messages: .*; input: is not known here/);
  });
});

describe('a body of another API', () => {
  const titan = aTarget({
    modelId: 'amazon.titan-embed-text-v2:0',
    capabilities: { output: ['EMBEDDING'] },
  });
  const container = aDedicatedTarget();

  async function explained(path: string, asked: object) {
    const { post, gateway, invoker } = aGateway({
      config: configWithoutBaseline(),
      routes: [aRoute({ targets: [container, east] }), aRoute({ model: 'embed', targets: [titan] })],
    });
    await gateway.start();
    gateway.stop();
    const response = await post(`/spillway/v1/explain?for=${encodeURIComponent(path)}`, asked);
    expect(invoker.calls).toEqual([]);
    return { status: response.status, answer: await response.json() };
  }

  it('is read as that API reads it', async () => {
    const embedding = await explained('/v1/embeddings', { model: 'embed', input: 'x' });
    expect(embedding.answer).toMatchObject({
      decision: 'routed',
      plan: [titan.id],
      route: { model: 'embed' },
    });
    const tooShort = await explained('/v1/embeddings', { model: 'embed', input: 'x', dimensions: 3 });
    expect(tooShort.answer).toMatchObject({
      decision: 'rejected',
      code: 'invalid_request',
      removed: [{ target: titan.id, by: 'capability', code: 'capability-missing' }],
    });
    const native = await explained('/model/embed/invoke', { inputText: 'x' });
    expect(native.answer).toMatchObject({ plan: [titan.id] });
  });

  it('says that a container cannot count', async () => {
    const messages = [{ role: 'user', content: 'x' }];
    const { answer } = await explained('/v1/messages/count_tokens', { model: 'chat-small', messages });
    expect(answer).toMatchObject({
      plan: [east.id],
      removed: [{ target: container.id, by: 'capability', code: 'capability-missing' }],
    });
  });

  it.each(['/v1/models', 'chat', '/spillway/v1/explain', ''])(
    'of no call is a 400 with the list: %j',
    async (path) => {
      const { status, answer } = await explained(path, body);
      expect(status).toBe(400);
      expect(answer).toMatchObject({
        error: {
          param: 'for',
          message: expect.stringMatching(
            /\/v1\/chat\/completions.*\/v1\/embeddings.*\/model\/\{name\}\/invoke/,
          ),
        },
      });
    },
  );

  it('names no target of a model that the tenant may not use', async () => {
    const scoped = { name: 'one', residencies: ['us'], defaultResidency: 'us', models: ['embed'] };
    const { post } = aGateway({ overrides: { tenants: { identify: async () => scoped } } });
    const body = { model: 'chat-small', messages: [{ role: 'user', content: 'hi' }] };
    const response = await post('/spillway/v1/explain', body);
    const text = await response.text();
    expect(response.status).toBe(403);
    expect(text).toContain('model_not_allowed');
    expect(text).not.toMatch(/nova|111111111111|chat-large/);
  });
});

it.each([
  ['that it may use under another residency', ['us', 'eu'], 1],
  ['that it may use under none not at all', ['us'], 0],
])('tells a tenant of targets outside %s', async (_, residencies, count) => {
  const tenant = { name: 'demo', residencies, defaultResidency: 'us', models: ['*'] };
  const made = aGateway({ overrides: { tenants: { identify: async () => tenant } } });
  const region = 'eu-central-1';
  const targets = [anObservation({ account: '222222222222', region, reach: [region] })];
  const report = { account: '222222222222', at: gatewayStart, failures: [], completeAt: gatewayStart };
  await made.observations.save({ ...report, region, targets });
  const response = await made.post('/spillway/v1/explain', body);
  const { removed } = explanationSchema.parse(await response.json());

  expect(removed.filter(({ target }) => target === targets[0]?.id)).toHaveLength(count);
});

it.each([
  ['that it may use under another residency', ['us', 'frankfurt'], 1],
  ['that it may use under none not at all', ['us'], 0],
])('tells a tenant of what a table holds %s', async (_, residencies, count) => {
  const tenant = { name: 'demo', residencies, defaultResidency: 'us', models: ['*'] };
  const abroad = aTarget({ region: 'eu-central-1', account: '222222222222' });
  const made = aGateway({
    config: configWithoutBaseline(),
    routes: [aRoute({ targets: [abroad, aTarget()] })],
    overrides: { tenants: { identify: async () => tenant } },
  });
  await made.gateway.start();
  made.gateway.stop();
  const response = await made.post('/spillway/v1/explain', body);
  const { removed, plan } = explanationSchema.parse(await response.json());

  expect(plan).toEqual([aTarget().id]);
  expect(removed.filter(({ target }) => target === abroad.id)).toHaveLength(count);
});
