import { beforeEach, describe, expect, it } from 'vitest';
import { parsedConfig } from '#test/builders/configs.ts';
import { type ControlWorld, createControlWorld } from '#test/builders/control-world.ts';
import { geoProfile, plainModel } from '#test/builders/fake-region.ts';

const account = '111111111111';
const lite = 'amazon.nova-lite-v1:0';
const regions = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-central-1'];
const usProfile = `us.${lite}`;
const plain = (region: string): string => `${account}/${region}/${lite}`;
const profile = (region: string): string => `${account}/${region}/${usProfile}`;

const config = parsedConfig({
  name: 'loop',
  home: { account, region: 'us-east-1' },
  accounts: [{ id: account, regions }],
  gateways: ['us-east-1'],
  residencies: {
    us: { jurisdictions: ['US'] },
    frankfurt: { regions: ['eu-central-1'] },
    anywhere: { jurisdictions: 'any' },
  },
  models: { chat: { candidates: [lite], baseline: { us: ['us-east-1'] } } },
});

let world: ControlWorld;

beforeEach(async () => {
  world = createControlWorld(config);
  for (const region of regions) {
    world.region(account, region).models.set(lite, plainModel(lite));
    world.region(account, region).models.set('other.model-v1:0', plainModel('other.model-v1:0'));
  }
  for (const region of ['us-east-1', 'us-east-2', 'us-west-2']) {
    world
      .region(account, region)
      .profiles.set(usProfile, geoProfile(usProfile, lite, ['us-east-1', 'us-east-2', 'us-west-2']));
  }
  await world.discoverAll();
  await world.plan();
});

/** A run of every region, and the plan that follows it. */
async function turn(): Promise<void> {
  await world.discoverAll();
  await world.plan();
}

describe('the control loop', () => {
  it('routes what is offered, plain ids before geographic profiles, inside each residency', async () => {
    expect(await world.targetIds('chat', 'us')).toEqual([
      plain('us-east-1'),
      plain('us-east-2'),
      plain('us-west-2'),
      profile('us-east-1'),
      profile('us-east-2'),
      profile('us-west-2'),
    ]);
    expect(await world.targetIds('chat', 'frankfurt')).toEqual([plain('eu-central-1')]);
    expect(await world.targetIds('chat', 'anywhere')).toHaveLength(7);
  });

  it('publishes nothing and writes heartbeats only while nothing changes', async () => {
    const outcomes = await world.discoverAll();
    expect(outcomes.map((each) => each.kind)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    const run = await world.plan();
    expect(run.kind === 'planned' && run.routes.map((each) => each.kind)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect((await world.dependencies.routes.load('chat', 'us'))?.version).toBe(1);
  });

  it('removes a withdrawn model at the first list that lacks it, because availability says the same', async () => {
    world.region(account, 'us-east-2').models.delete(lite);
    world.region(account, 'us-east-2').availability.set(lite, { region: 'NOT_AVAILABLE' });
    await turn();
    const targets = await world.targetIds('chat', 'us');
    expect(targets).not.toContain(plain('us-east-2'));
    expect(targets).toContain(plain('us-west-2'));
  });

  it('keeps a model that one list dropped while availability still answers AVAILABLE', async () => {
    world.region(account, 'us-east-2').models.delete(lite);
    world.region(account, 'us-east-2').availability.set(lite, { region: 'AVAILABLE' });
    for (let run = 0; run < 5; run += 1) await turn();
    expect(await world.targetIds('chat', 'us')).toContain(plain('us-east-2'));
    expect((await world.dependencies.routes.load('chat', 'us'))?.version).toBe(1);
  });

  it('removes a profile after three good lists without it', async () => {
    world.region(account, 'us-east-2').profiles.delete(usProfile);
    world
      .region(account, 'us-east-2')
      .profiles.set('us.other', geoProfile('us.other', 'other.model-v1:0', ['us-east-2']));
    await turn();
    await turn();
    expect(await world.targetIds('chat', 'us')).toContain(profile('us-east-2'));
    await turn();
    expect(await world.targetIds('chat', 'us')).not.toContain(profile('us-east-2'));
  });

  it('adds a model in a region that no data file knows', async () => {
    const added = parsedConfig({
      ...config,
      accounts: [{ id: account, regions: [...regions, 'xx-north-9'] }],
      residencies: { here: { regions: ['xx-north-9'] } },
      models: { chat: { candidates: ['new.model-v9:0'] } },
    });
    const fresh = createControlWorld(added);
    fresh.region(account, 'xx-north-9').models.set('new.model-v9:0', plainModel('new.model-v9:0'));
    await fresh.discoverAll();
    await fresh.plan();
    expect(await fresh.targetIds('chat', 'here')).toEqual([`${account}/xx-north-9/new.model-v9:0`]);
  });

  it('removes a target that a gateway was refused at, and gives it back when a later proof answers', async () => {
    const target = plain('us-west-2');
    await world.dependencies.routes.saveSignal({
      target,
      gatewayRegion: 'us-east-1',
      outcome: 'targets-fault',
      errorName: 'AccessDeniedException',
      at: world.clock.now(),
    });
    await turn();
    expect(await world.targetIds('chat', 'us')).not.toContain(target);
    await world.dependencies.verifications.save({
      target,
      at: world.clock.now(),
      outcome: 'answered',
      answeringSince: world.clock.now(),
      refusals: 0,
    });
    await turn();
    expect(await world.targetIds('chat', 'us')).toContain(target);
  });

  it.each(['NOT_AUTHORIZED', 'PENDING'])('removes a target whose access field says %s', async (word) => {
    const said = word === 'PENDING' ? { agreement: word } : { authorization: word };
    world.region(account, 'eu-central-1').availability.set(lite, said);
    await turn();
    expect(await world.targetIds('chat', 'frankfurt')).toEqual([]);
    expect((await world.dependencies.routes.load('chat', 'frankfurt'))?.unusable).toBe(true);
  });

  it.each(['throttled', 'timed_out', 'access_denied', 'hang'] as const)(
    'changes no route when every API of every region is %s, and says so',
    async (failure) => {
      const before = await world.dependencies.routes.loadAll();
      for (const region of regions) {
        for (const operation of ['listModels', 'listProfiles', 'loadAvailability', 'loadEndpoint'] as const)
          world.region(account, region).failing.set(operation, failure);
      }
      for (let run = 0; run < 4; run += 1) await turn();
      expect(await world.dependencies.routes.loadAll()).toEqual(before);
      const { regions: reports } = await world.dependencies.observations.loadAll();
      expect(reports.every((report) => report.failures.length > 0)).toBe(true);
      expect(reports.every((report) => report.targets.every((target) => target.stale))).toBe(true);
      expect(world.metrics.points.some((point) => point.name === 'DiscoveryErrors')).toBe(true);
    },
  );

  it('changes no route when a region goes empty, however often', async () => {
    const before = await world.dependencies.routes.loadAll();
    const dark = world.region(account, 'us-east-2');
    dark.emptied.add('listModels');
    dark.emptied.add('listProfiles');
    for (let run = 0; run < 6; run += 1) await turn();
    expect(await world.dependencies.routes.loadAll()).toEqual(before);
    const report = await world.dependencies.observations.load(account, 'us-east-2');
    expect(report?.failures).toEqual(['ListFoundationModels: empty', 'ListInferenceProfiles: empty']);
    expect(report?.targets.every((target) => target.stale && target.reasons.includes('list-empty'))).toBe(
      true,
    );
    dark.emptied.clear();
    await turn();
    const after = await world.dependencies.observations.load(account, 'us-east-2');
    expect(after?.targets.some((target) => target.stale)).toBe(false);
  });

  it('changes nothing when the observations cannot be read', async () => {
    const { observations } = world.dependencies;
    const { houseError } = await import('#core/errors/catalogue.ts');
    Object.assign(observations, {
      loadAll: async () => {
        throw houseError('upstream_unavailable', { message: 'the table is down' });
      },
    });
    expect(await world.plan()).toEqual({
      kind: 'not-planned',
      why: 'upstream_unavailable: the table is down',
    });
  });

  it('keeps a route whose region has not reported for longer than the age limit', async () => {
    const before = await world.targetIds('chat', 'us');
    world.region(account, 'us-east-2').availability.set(lite, { authorization: 'NOT_AUTHORIZED' });
    world.clock.advance(3_600_000);
    const run = await world.plan();
    expect(run.kind === 'planned' && run.routes.every((each) => each.outcome === 'kept')).toBe(true);
    expect(await world.targetIds('chat', 'us')).toEqual(before);
  });
});
