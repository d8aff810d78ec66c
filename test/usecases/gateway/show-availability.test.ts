import { describe, expect, it } from 'vitest';
import { availabilitySchema } from '#contract/http.ts';
import { aGateway, type GatewayOptions, gatewayStart } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import type { Tenant } from '#usecases/ports/tenant-directory.ts';

async function world(options: GatewayOptions = {}) {
  const made = aGateway(options);
  const report = {
    account: '111111111111',
    at: gatewayStart - 1000,
    failures: [],
    completeAt: gatewayStart - 1000,
  };
  await made.observations.save({
    ...report,
    region: 'us-east-1',
    targets: [
      anObservation(),
      anObservation({
        modelId: 'someone.else-v1:0',
        id: '111111111111/us-east-1/someone.else-v1:0',
        state: 'no-agreement',
        reasons: ['agreement-not-available'],
      }),
    ],
  });
  await made.observations.save({
    ...report,
    region: 'us-west-2',
    at: gatewayStart - 3_600_000,
    targets: [anObservation({ region: 'us-west-2', observedAt: gatewayStart - 3_600_000 })],
  });
  return made;
}

const freshSchema = availabilitySchema.pick({ asOf: true, stale: true });

describe('availability', () => {
  it('shows every observed target in the promised shape, with who can repair it', async () => {
    const { get } = await world();
    const shown = availabilitySchema.parse(await (await get('/spillway/v1/availability')).json());
    expect(shown.asOf).toBe('2026-11-21T07:00:00.000Z');
    expect(shown.stale).toBe(true);
    expect(
      shown.targets.map(({ model, region, state, stale, hint }) => [model, region, state, stale, hint.who]),
    ).toEqual([
      ['chat-small', 'us-east-1', 'available', false, 'nobody'],
      [undefined, 'us-east-1', 'no-agreement', false, 'account-owner'],
      ['chat-small', 'us-west-2', 'available', true, 'nobody'],
    ]);
  });

  it.each([
    ['model=chat-small', 2],
    ['model=someone.else-v1:0', 1],
    ['region=us-west-2', 1],
    ['account=222222222222', 0],
    ['model=chat-small&region=us-east-1&account=111111111111', 1],
  ])('is narrowed by %s', async (query, count) => {
    const { get } = await world();
    const shown = availabilitySchema.parse(await (await get(`/spillway/v1/availability?${query}`)).json());
    expect(shown.targets).toHaveLength(count);
  });

  it('is not stale where nobody was ever to look, and stale where a report is missing', async () => {
    const { get } = await world();
    const at = async (query: string) =>
      availabilitySchema.parse(await (await get(`/spillway/v1/availability?${query}`)).json());
    expect(await at('region=mars-1')).toMatchObject({ stale: false, targets: [] });
    expect(await at('account=999999999999')).toMatchObject({ stale: false, targets: [] });
    expect(await at('region=us-east-2')).toMatchObject({ stale: true, targets: [] });
  });

  it.each(['availability', 'availability/changes'])(
    'tells by no age and no word of %s how it stands where the caller may call nothing',
    async (path) => {
      const tenant = { name: 'bound', residencies: ['eu'], defaultResidency: 'eu', models: ['*'] };
      const { get, observations } = await world({ overrides: { tenants: { identify: async () => tenant } } });
      const region = 'eu-central-1';
      const report = {
        account: '222222222222',
        at: gatewayStart - 60_000,
        completeAt: gatewayStart,
        failures: [],
      };
      await observations.save({ ...report, region, targets: [anObservation({ region, reach: [region] })] });
      const heard = async (query: string) => {
        const { asOf, stale } = freshSchema.parse(await (await get(`/spillway/v1/${path}?${query}`)).json());
        return { asOf, stale };
      };
      const nothing = { asOf: '2026-11-21T08:00:00.000Z', stale: false };
      for (const query of ['region=us-west-2', 'region=us-east-2', 'account=111111111111', 'region=mars-1'])
        expect([query, await heard(query)]).toEqual([query, nothing]);
      expect(await heard(`region=${region}`)).toEqual({ asOf: '2026-11-21T07:59:00.000Z', stale: false });
    },
  );

  it('names the model that was asked for where two share a Bedrock id', async () => {
    const config = acmeConfig();
    const small = config.models['chat-small'];
    if (small === undefined) throw new Error('the example has chat-small');
    const models = { ...config.models, 'chat-twin': small };
    const { get } = await world({ config: { ...config, models } });
    const labels = async (query: string) =>
      availabilitySchema
        .parse(await (await get(`/spillway/v1/availability?region=us-east-1&${query}`)).json())
        .targets.map(({ model, modelId }) => [model, modelId]);
    expect(await labels('model=chat-twin')).toEqual([['chat-twin', 'amazon.nova-lite-v1:0']]);
    expect(await labels('model=chat-small')).toEqual([['chat-small', 'amazon.nova-lite-v1:0']]);
    expect(await labels('model=amazon.nova-lite-v1:0')).toEqual([['chat-small', 'amazon.nova-lite-v1:0']]);
  });

  it('shows the last that was known, all of it stale, where the tables cannot be read any more', async () => {
    const { dependencies, observations } = await world();
    let dark = false;
    const loadAll = () => (dark ? Promise.reject(new Error('dark')) : observations.loadAll());
    const made = aGateway({ overrides: { ...dependencies, observations: { ...observations, loadAll } } });
    const look = async () =>
      availabilitySchema.parse(await (await made.get('/spillway/v1/availability')).json());
    const before = await look();
    dark = true;
    const after = await look();
    expect([after.asOf, after.stale]).toEqual([before.asOf, true]);
    expect(after.targets).toEqual(before.targets.map((target) => ({ ...target, stale: true })));
  });

  it('does not invent an answer: an unknown model is 404, a store that fails 503', async () => {
    const { get } = await world();
    expect((await get('/spillway/v1/availability?model=nobody')).status).toBe(404);
    const broken = aGateway({
      overrides: {
        observations: { ...(await world()).observations, loadAll: () => Promise.reject(new Error('down')) },
      },
    });
    expect((await broken.get('/spillway/v1/availability')).status).toBe(503);
  });
});

const target = aTarget().id;
const refusedAt = gatewayStart - 120_000;
const refusal = {
  target,
  gatewayRegion: 'us-east-1',
  outcome: 'access-denied',
  errorName: 'AccessDeniedException',
  at: refusedAt,
};
const refusedProof = { target, at: refusedAt, outcome: 'refused', refusals: 1 } as const;

describe('a target that calls were refused by', () => {
  const shownIn = async ({ get }: Awaited<ReturnType<typeof world>>, id = target) =>
    availabilitySchema
      .parse(await (await get('/spillway/v1/availability')).json())
      .targets.find((each) => each.id === id);

  it('is denied since the signal, though the lists still name it', async () => {
    const made = await world();
    await made.routes.saveSignal(refusal);
    expect(await shownIn(made)).toMatchObject({
      state: 'denied',
      reasons: ['denied-by-signal-AccessDeniedException'],
      hint: { who: 'account-owner', text: expect.stringContaining('service control policy') },
      since: '2026-11-21T07:58:00.000Z',
      stale: false,
    });
  });

  it('is denied by a refused proof as well', async () => {
    const made = await world();
    await made.verifications.save({ ...refusedProof, errorName: 'ValidationException' });
    expect(await shownIn(made)).toMatchObject({
      state: 'denied',
      reasons: ['denied-by-verification-ValidationException'],
    });
  });

  it('is available again once a later proof was answered', async () => {
    const made = await world();
    await made.routes.saveSignal(refusal);
    await made.verifications.save({ target, at: refusedAt + 1, outcome: 'answered', refusals: 0 });
    expect(await shownIn(made)).toMatchObject({ state: 'available', reasons: [] });
  });

  it('keeps a state that already says what to repair', async () => {
    const made = await world();
    const id = '111111111111/us-east-1/someone.else-v1:0';
    await made.routes.saveSignal({ ...refusal, target: id });
    expect(await shownIn(made, id)).toMatchObject({ state: 'no-agreement' });
  });

  it.each([
    ['fail', () => Promise.reject(new Error('down'))],
    ['hang', () => new Promise<never>(() => undefined)],
  ])('is shown as discovery knows it while proofs %s', async (_, loadAll) => {
    const made = await world({ overrides: { verifications: { loadAll } } });
    await made.routes.saveSignal(refusal);
    expect(await shownIn(made)).toMatchObject({ state: 'available' });
  });

  const told = async (tenant: Partial<Tenant>, query = '') => {
    const scoped: Tenant = { name: 'one', residencies: ['us'], models: ['*'], ...tenant };
    const { get, observations } = await world({ overrides: { tenants: { identify: async () => scoped } } });
    await observations.save({
      account: '222222222222',
      region: 'eu-central-1',
      at: gatewayStart - 1000,
      failures: [],
      completeAt: gatewayStart - 1000,
      targets: [anObservation({ account: '222222222222', region: 'eu-central-1' })],
    });
    const response = await get(`/spillway/v1/availability${query}`);
    if (response.status !== 200) return [response.status];
    return availabilitySchema
      .parse(await response.json())
      .targets.map(({ region, modelId }) => `${region} ${modelId}`);
  };
  const nova = 'amazon.nova-lite-v1:0';

  it('tells a tenant of targets inside its residencies alone', async () => {
    expect(await told({ residencies: ['eu'] })).toEqual([`eu-central-1 ${nova}`]);
    expect(await told({ residencies: ['eu', 'us'] })).toHaveLength(4);
    expect(await told({ residencies: ['anywhere'] })).toHaveLength(4);
    expect(await told({ residencies: [] })).toEqual([]);
  });

  it('tells a tenant of targets of its models alone, by whatever name it asks', async () => {
    expect(await told({ models: ['chat-small'] })).toEqual([`us-east-1 ${nova}`, `us-west-2 ${nova}`]);
    expect(await told({ models: ['embed'] })).toEqual([]);
    expect(await told({ models: ['embed'] }, `?model=${nova}`)).toEqual([]);
    expect(await told({ models: ['chat-small'] }, '?model=someone.else-v1:0')).toEqual([]);
    // Another answer for a model that exists than for one that does not would tell which do.
    expect(await told({ models: ['embed'] }, '?model=chat-small')).toEqual([404]);
    expect(await told({ models: ['embed'] }, '?model=chat-huge')).toEqual([404]);
  });

  it('tells an operator everything, tenant or not, and calls nothing in its name', async () => {
    const operations = {
      operators: {
        ofPrincipal: () => undefined,
        ofToken: async (token: string) => (token === 'eyJh.eyJo.x' ? { by: 'ada' } : ('unknown' as const)),
      },
      run: async () => ({}),
    };
    const { get, chat } = await world({
      overrides: { operations, tenants: { identify: async () => 'unknown' as const } },
    });
    const headers = { authorization: 'Bearer eyJh.eyJo.x' };
    const shown = await (await get('/spillway/v1/availability', headers)).json();
    expect(availabilitySchema.parse(shown).targets).toHaveLength(3);
    expect((await get('/spillway/v1/routes/chat-small?residency=us', headers)).status).toBe(404);
    expect((await chat({}, headers)).status).toBe(401);
    expect((await get('/spillway/v1/availability', { authorization: 'Bearer eyJh.eyJo.y' })).status).toBe(
      401,
    );
  });
});
