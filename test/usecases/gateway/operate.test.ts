import { describe, expect, it } from 'vitest';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { joseTokenVerifier } from '#adapters/system/jose-token-verifier.ts';
import { explanationSchema } from '#contract/http.ts';
import { aGateway, configWithoutBaseline, gatewayStart } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anIssuer, issuedAt, issuerUrl } from '#test/builders/an-issuer.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createOperatorDirectory } from '#usecases/gateway/operator-directory.ts';
import { createPrincipalDirectory } from '#usecases/gateway/principal-directory.ts';
import { runOperation } from '#usecases/operate/run-operation.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

const issuer = await anIssuer();
const stranger = await anIssuer('key-2');
const account = '111111111111';
const jwksUrl = `${issuerUrl}/keys`;
const here = aTarget({ region: 'us-east-1' });
const there = aTarget({ region: 'us-west-2' });
const abroad = aTarget({ region: 'eu-central-1', account: '222222222222' });
const session = (role: string) => ({
  account,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/ada@example.com`,
});
const scopes = { residencies: ['us'], defaultResidency: 'us', models: ['*'] };

function world(options: { readonly auditFails?: boolean } = {}) {
  const config = configWithoutBaseline();
  const clock = createVirtualClock(gatewayStart, { leap: true });
  const routes = createMemoryRouteStore();
  const memory = createMemoryOperatorStore();
  const words = {
    ...memory,
    appendAudit: options.auditFails === true ? () => Promise.reject(new Error('down')) : memory.appendAudit,
  };
  const log = { write: () => undefined };
  const observations = createMemoryObservationStore();
  const setting = controlSetting(config, shippedFacts);
  const dependencies = {
    clock,
    log,
    observations,
    words,
    setting,
    facts: shippedFacts,
    digest: cryptoDigest,
  };
  const keySets = {
    current: () => issuer.keySet,
    reload: async () => issuer.keySet,
    isSure: () => true,
    start: async () => undefined,
  };
  const operators = createOperatorDirectory({
    principals: [`arn:aws:iam::${account}:role/ops`],
    trusts: [{ issuer: issuerUrl, audience: 'spillway', algorithms: ['ES256'], jwksUrl, claims: {} }],
    checks: { verifier: joseTokenVerifier, keySets, clock },
  });
  const appRole = { tenant: 'app', arn: `arn:aws:iam::${account}:role/app`, scopes };
  const made = aGateway({
    config,
    overrides: {
      clock,
      routes,
      operatorWords: words,
      operations: {
        operators,
        run: (operation, order) => runOperation({ ...dependencies, routesAtHome: routes }, operation, order),
      },
      tenants: {
        identify: async (key) => (key === 'sk-local' ? { ...scopes, name: 'demo' } : 'unknown'),
        identifyPrincipal: createPrincipalDirectory([appRole]),
      },
    },
  });
  const publish = (version: number, targets = [here, there]) =>
    routes.publish(
      sealRoute(
        {
          model: 'chat-small',
          residency: 'us',
          schema: 1,
          targets,
          baseline: [],
          dropped: 0,
          reason: `version ${version}`,
        },
        { version, at: clock.now(), digest: cryptoDigest },
      ),
    );
  const order = async (
    name: string,
    body: unknown,
    by: {
      readonly token?: string;
      readonly principal?: ReturnType<typeof session>;
      readonly headers?: object;
    } = {},
  ) => {
    const authorization = by.token === undefined ? {} : { authorization: `Bearer ${by.token}` };
    const request = new Request(`http://gateway.test/spillway/v1/operations/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization, ...by.headers },
      body: JSON.stringify(body),
    });
    const response = await made.gateway.handle(request, by.principal);
    const answer = (await response.json()) as Record<string, unknown> & {
      readonly error?: { readonly code: string; readonly message: string };
    };
    return {
      status: response.status,
      code: answer.error?.code,
      message: answer.error?.message,
      body: answer,
    };
  };
  return { ...made, routes, memory, clock, publish, order };
}

const operate = () => issuer.sign({ sub: 'ada', scope: 'openid operate' });
const pin = { model: 'chat-small', residency: 'us', reason: 'a release tonight' };

describe('who may order operations', () => {
  it('is an operator by IAM, and a token with the scope in either spelling', async () => {
    const { order, publish, memory } = world();
    await publish(1);
    expect((await order('pin', pin, { principal: session('ops') })).status).toBe(200);
    for (const claims of [
      { scope: 'operate' },
      { scope: 'a operate b' },
      { scope: ['operate'] },
      { scp: ['x', 'operate'] },
      { scp: 'operate' },
    ])
      expect((await order('pin', pin, { token: await issuer.sign({ sub: 'ada', ...claims }) })).status).toBe(
        200,
      );
    expect(memory.audit.slice(0, 2).map(({ by }) => by)).toEqual([session('ops').arn, `${issuerUrl} ada`]);
  });

  it('is told under which id the audit has the order, and pins no other version than the one it saw', async () => {
    const { order, publish, memory } = world();
    await publish(1);
    await publish(2);
    const token = await operate();
    expect(await order('pin', { ...pin, version: 1 }, { token })).toMatchObject({
      status: 409,
      code: 'operation_refused',
    });
    const done = await order('pin', { ...pin, version: 2 }, { token });
    expect(done).toMatchObject({ status: 200, body: { operation: 'pin', version: 2 } });
    expect(done.body.auditId).toBe(memory.audit.at(-1)?.id);
  });

  it('is never the holder of an application key, who is told why', async () => {
    const { order, memory, routes } = world();
    for (const headers of [{ authorization: 'Bearer sk-local' }, { 'x-api-key': 'sk-local' }]) {
      const answer = await order('pin', pin, { headers });
      expect(answer).toMatchObject({ status: 403, code: 'operation_not_allowed' });
      expect(answer.message).toMatch(/an API key may not order them\.$/);
    }
    expect(memory.audit).toEqual([]);
    expect(await routes.loadHolds()).toEqual([]);
  });

  it.each([
    ['no scope', {}],
    ['another word that begins like it', { scope: 'operate-all operates OPERATE' }],
    ['commas instead of spaces', { scope: 'a,operate' }],
    ['an object', { scope: { operate: true } }],
    ['a nested list', { scp: [['operate']] }],
    ['another claim', { roles: ['operate'] }],
  ])('is no token with %s', async (_, claims) => {
    const { order, memory } = world();
    expect(await order('pin', pin, { token: await issuer.sign(claims) })).toMatchObject({
      status: 403,
      code: 'operation_not_allowed',
    });
    expect(memory.audit).toEqual([]);
  });

  it('is no token that has expired, or of another signer, issuer or audience', async () => {
    const { order, memory } = world();
    const expired = { exp: issuedAt / 1000 - 60, iat: issuedAt / 1000 - 3600, scope: 'operate' };
    for (const token of [
      await issuer.sign(expired),
      await stranger.sign({ scope: 'operate' }),
      await issuer.sign({ scope: 'operate', iss: 'https://evil.example' }),
      await issuer.sign({ scope: 'operate', aud: 'another' }),
    ])
      expect(await order('pin', pin, { token })).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(memory.audit).toEqual([]);
  });

  it('is no principal that is a tenant, or nobody, or comes in a header; and a token beside it changes nothing', async () => {
    const { order, memory } = world();
    const headers = { 'x-spillway-principal': session('ops').arn, 'x-amzn-iam-user-arn': session('ops').arn };
    expect(await order('pin', pin, { principal: session('app') })).toMatchObject({
      status: 403,
      code: 'operation_not_allowed',
    });
    expect(await order('pin', pin, { principal: session('nobody') })).toMatchObject({
      status: 403,
      code: 'principal_not_allowed',
    });
    expect(await order('pin', pin, { headers })).toMatchObject({ status: 401 });
    expect(await order('pin', pin, { principal: session('app'), token: await operate() })).toMatchObject({
      status: 403,
    });
    expect(memory.audit).toEqual([]);
  });
});

describe('an operation', () => {
  it('is audited first: where that fails, nothing is done', async () => {
    const { order, publish, routes, memory } = world({ auditFails: true });
    await publish(1);
    const token = await operate();
    for (const [name, body] of [
      ['pin', pin],
      ['rollback', { ...pin, version: 1 }],
      ['lift', pin],
    ] as const)
      expect(await order(name, body, { token })).toMatchObject({
        status: 503,
        code: 'not_ready',
        message: /nothing was done/,
      });
    expect(await routes.loadHolds()).toEqual([]);
    expect((await routes.load('chat-small', 'us'))?.version).toBe(1);
    expect(await memory.loadDisabled()).toEqual([]);
  });

  it('with a wrong body is told every violation at once, before anything is audited', async () => {
    const { order, memory } = world();
    const token = await operate();
    const wrong = await order(
      'rollback',
      { model: 7, reason: 'two\nlines', version: 0, hours: 721, force: true },
      { token },
    );
    expect(wrong).toMatchObject({ status: 400, code: 'invalid_request' });
    for (const path of ['model', 'residency', 'reason', 'version', 'hours', 'force'])
      expect(wrong.message).toContain(`${path}: `);
    for (const body of [[], 'x', null, { target: '../x', reason: ' ' }])
      expect((await order('disable', body, { token })).status).toBe(400);
    expect(await order('explode', {}, { token })).toMatchObject({ status: 404, code: 'not_found' });
    expect(memory.audit).toEqual([]);
  });

  it('pins the standing version under a hold', async () => {
    const { order, publish, routes, memory } = world();
    const token = await operate();
    expect(await order('pin', pin, { token })).toMatchObject({ status: 404, code: 'not_found' });
    await publish(1);
    const done = await order('pin', { ...pin, hours: 2 }, { token });
    const hold = { model: 'chat-small', residency: 'us', by: `${issuerUrl} ada`, reason: pin.reason };
    expect(done).toMatchObject({ status: 200, body: { operation: 'pin', version: 1, hold } });
    expect(await routes.loadHolds()).toMatchObject([{ ...hold, until: '2026-11-21T10:00:00.000Z' }]);
    expect(memory.audit.at(-1)).toMatchObject({ operation: 'pin', order: { ...pin, hours: 2 } });
  });

  it('rolls back as the command line does, and not to what the residency forbids today unless that is left out', async () => {
    const { order, publish, routes } = world();
    const token = await operate();
    await publish(1, [here, abroad]);
    await publish(2, [there]);
    const body = { ...pin, version: 1 };
    expect(await order('rollback', { ...body, version: 9 }, { token })).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    const refused = await order('rollback', body, { token });
    expect(refused).toMatchObject({ status: 409, code: 'operation_refused' });
    expect(refused.message).toContain(abroad.id);
    expect((await routes.load('chat-small', 'us'))?.version).toBe(2);
    const done = await order('rollback', { ...body, leaveOutForbidden: true }, { token });
    expect(done).toMatchObject({
      status: 200,
      body: { operation: 'rollback', version: 3, content: 1, leftOut: [abroad.id] },
    });
    expect((await routes.load('chat-small', 'us'))?.targets.map(({ id }) => id)).toEqual([here.id]);
    expect(await routes.loadHolds()).toHaveLength(1);
  });

  it('lifts a hold before its time, and tells who holds it elsewhere where it cannot', async () => {
    const { order, publish, routes, memory } = world();
    const token = await operate();
    await publish(1);
    expect(await order('lift', pin, { token })).toMatchObject({
      status: 404,
      code: 'not_found',
      message: 'no hold stands on model chat-small for residency us',
    });
    await order('pin', pin, { token });
    expect(await order('lift', pin, { headers: { 'x-api-key': 'sk-local' } })).toMatchObject({ status: 403 });
    expect(await routes.loadHolds()).toHaveLength(1);
    expect(await order('lift', pin, { token })).toMatchObject({
      status: 200,
      body: { operation: 'lift', by: `${issuerUrl} ada`, lifted: { reason: pin.reason }, standing: [] },
    });
    expect((await order('lift', pin, { token })).code).toBe('not_found');
    expect(memory.audit.at(-1)).toMatchObject({ operation: 'lift', by: `${issuerUrl} ada`, order: pin });
  });

  it('rolls back nothing where another version stands than the operator saw', async () => {
    const { order, publish, routes } = world();
    const token = await operate();
    await publish(1);
    await publish(2);
    await publish(3);
    const body = { ...pin, version: 1, standing: 2 };
    const refused = await order('rollback', body, { token });
    expect(refused).toMatchObject({ status: 409, code: 'operation_refused' });
    expect(refused.message).toBe('version 3 of model chat-small for residency us stands now, not 2');
    expect(await routes.loadHolds()).toEqual([]);
    expect(await order('rollback', { ...body, standing: 3 }, { token })).toMatchObject({
      status: 200,
      body: { version: 4, content: 1 },
    });
  });

  it('disables a target at once, with its reason in the trail, until its end or until it is ended', async () => {
    const { memory, order, publish, gateway, clock } = world();
    const token = await operate();
    await publish(1);
    await gateway.start();
    gateway.stop();
    const explain = async () => {
      const request = new Request('http://gateway.test/spillway/v1/explain', {
        method: 'POST',
        headers: { authorization: 'Bearer sk-local' },
        body: JSON.stringify({ model: 'chat-small', messages: [{ role: 'user', content: 'hi' }] }),
      });
      const { plan, removed } = explanationSchema.parse(await (await gateway.handle(request)).json());
      return { plan, removed: removed.filter(({ by }) => by === 'operator') };
    };
    const body = { target: here.id, reason: 'answers slowly', hours: 1 };
    expect((await explain()).plan).toEqual([here.id, there.id]);
    expect(await order('disable', { ...body, target: `${here.id}x` }, { token })).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect(await order('disable', body, { token })).toMatchObject({
      status: 200,
      body: {
        disabled: { target: here.id, region: 'us-east-1', until: '2026-11-21T09:00:00.000Z' },
        standing: [],
      },
    });
    // Records of what it decides name it by the entry that stands in the audit.
    const { id: orderId, at: since } = memory.audit.at(-1) ?? {};
    expect(await memory.loadDisabled()).toMatchObject([{ target: here.id, orderId, since }]);
    const off = {
      plan: [there.id],
      removed: [{ target: here.id, by: 'operator', code: 'operator-disabled' }],
    };
    expect(await explain()).toEqual(off);
    clock.advance(3_599_000);
    expect(await explain()).toEqual(off);
    clock.advance(1_000);
    expect((await explain()).removed).toEqual([]);
    const fresh = await issuer.sign({ scope: 'operate', exp: issuedAt / 1000 + 7200 });
    await order('disable', body, { token: fresh });
    expect(await explain()).toEqual(off);
    expect((await order('disable', { ...body, hours: 0 }, { token: fresh })).status).toBe(200);
    expect((await explain()).plan).toEqual([here.id, there.id]);
  });

  it('to disable outlives the process, though the next one finds no table', async () => {
    const { order, publish, gateway, saved } = world();
    await publish(1);
    await gateway.start();
    gateway.stop();
    await order('disable', { target: here.id, reason: 'slow' }, { token: await operate() });
    await gateway.refresh();
    const lastGood = saved.at(-1);
    expect(lastGood?.disabled).toMatchObject([{ target: here.id, region: 'us-east-1' }]);
    const down = () => Promise.reject(new Error('down'));
    const next = aGateway({
      config: configWithoutBaseline(),
      ...(lastGood === undefined ? {} : { lastGood }),
      overrides: {
        routes: { ...createMemoryRouteStore(), loadAll: down },
        operatorWords: { loadDisabled: down },
      },
    });
    await next.gateway.start();
    next.gateway.stop();
    const response = await next.post('/spillway/v1/explain', {
      model: 'chat-small',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(explanationSchema.parse(await response.json()).plan).toEqual([there.id]);
  });
});
