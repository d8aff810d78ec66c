/** `history`, `publish`, `rollback`, `lift-hold` and `release-region` over the same tables. */
import { describe, expect, it } from 'vitest';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { Observation } from '#core/discovery/observation.ts';
import type { Target } from '#core/target.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

const east = aTarget();
const ohio = aTarget({ region: 'us-east-2' });
const unlawful = aTarget({ region: 'eu-west-1', account: '222222222222' });

async function deployment(versions: readonly (readonly Target[])[]) {
  const routes = createMemoryRouteStore();
  for (const [index, targets] of versions.entries()) {
    const draft = aRoute({ targets, reason: `change ${index + 1}` });
    await routes.publish(
      sealRoute(draft, { version: index + 1, at: Date.UTC(2026, 10, 21, 7, index), digest: cryptoDigest }),
    );
  }
  const observations = createMemoryObservationStore();
  const verifications = createMemoryVerificationStore();
  const openTables = () => ({
    routes,
    observations,
    changes: createMemoryChangeLog(),
    verifications,
    refusals: createMemoryRefusalLedger(),
    words: createMemoryOperatorStore(),
    close: () => undefined,
  });
  return { routes, observations, openTables };
}

const order = ['rollback', 'chat-small', '--residency', 'us', '--to', '1', '--reason', 'bad answers'];

describe('spillway history', () => {
  it('tells what each version changed, newest first', async () => {
    const world = await deployment([[east], [east, ohio], [{ ...ohio, state: 'legacy' }]]);
    const { exitCode, stdout } = await runCommandLine(['history', 'chat-small', '--residency', 'us'], world);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'chat-small · us',
      '  version 3 current  2026-11-21 07:02:00Z (28 minutes ago) · 1 target',
      '    change 3',
      '    - 111111111111/us-east-1/amazon.nova-lite-v1:0',
      '    ~ 111111111111/us-east-2/amazon.nova-lite-v1:0: available → legacy',
      '  version 2  2026-11-21 07:01:00Z (29 minutes ago) · 2 targets',
      '    change 2',
      '    + 111111111111/us-east-2/amazon.nova-lite-v1:0',
      '  version 1  2026-11-21 07:00:00Z (30 minutes ago) · 1 target',
      '    change 1',
      '    + 111111111111/us-east-1/amazon.nova-lite-v1:0',
      '',
    ]);
  });

  it('exits 1 where nothing was ever published', async () => {
    const { exitCode, stdout } = await runCommandLine(['history', 'embed'], await deployment([[east]]));
    expect([exitCode, stdout]).toEqual([1, 'Nothing was ever published for this.\n']);
  });

  it('needs a model that exists', async () => {
    const { exitCode, stderr } = await runCommandLine(['history', 'x'], await deployment([]));
    expect([exitCode, stderr]).toEqual([
      2,
      'spillway: The configuration has no model "x"; it has chat-large, chat-small, embed\n',
    ]);
  });
});

describe('spillway rollback', () => {
  it('publishes the old version again and holds it, when a person says yes', async () => {
    const world = await deployment([[east], [ohio]]);
    const { exitCode, stdout, stderr } = await runCommandLine([...order, '--hold-hours', '2'], {
      ...world,
      typed: 'y',
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Publish version 1 again and hold it for 2 hours? [y/N]');
    expect(stderr).toContain('    + 111111111111/us-east-1/amazon.nova-lite-v1:0');
    expect(stderr).toContain('    - 111111111111/us-east-2/amazon.nova-lite-v1:0');
    expect(stdout).toContain(
      '✔ chat-small · us is version 3 now, with the targets of version 1; held until ',
    );
    expect((await world.routes.load('chat-small', 'us'))?.targets).toEqual([east]);
    expect(await world.routes.loadHolds()).toMatchObject([
      { model: 'chat-small', residency: 'us', reason: 'bad answers' },
    ]);
  });

  it('brings the newest readable version back where what stands cannot be read', async () => {
    const world = await deployment([[east], [ohio]]);
    const { routes } = world;
    const { version } = (await routes.load('chat-small', 'us')) ?? { version: 0 };
    const bad = [{ model: 'chat-small', residency: 'us', why: 'schema' as const, version }];
    const unread = {
      ...routes,
      load: async () => undefined,
      loadAll: async () => ({ routes: [], badItems: 1, bad }),
      loadHistory: async () => (await routes.loadHistory('chat-small', 'us')).slice(1),
    };
    const openTables = () => ({ ...world.openTables(), routes: unread });
    const { exitCode, stderr } = await runCommandLine([...order, '--yes'], { openTables });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'What stands cannot be read by this version of Spillway. In its place would stand',
    );
    expect(await routes.load('chat-small', 'us')).toMatchObject({ version: 3, targets: [east] });
  });

  it('changes nothing when the person declines', async () => {
    const world = await deployment([[east], [ohio]]);
    const { exitCode, stderr } = await runCommandLine(order, { ...world, typed: 'n' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('spillway: Nothing was changed.');
    expect((await world.routes.load('chat-small', 'us'))?.version).toBe(2);
    expect(await world.routes.loadHolds()).toEqual([]);
  });

  it('does not act without --yes where nobody can answer', async () => {
    const world = await deployment([[east], [ohio]]);
    const { exitCode, stderr } = await runCommandLine(order, world);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nobody can answer here: add --yes');
    expect((await world.routes.load('chat-small', 'us'))?.version).toBe(2);
  });

  it('refuses a version whose targets the residency forbids today, or leaves them out when told to', async () => {
    const world = await deployment([[east, unlawful], [ohio]]);
    const refused = await runCommandLine([...order, '--yes'], world);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(
      'Version 1 is refused: us forbids 222222222222/eu-west-1/amazon.nova-lite-v1:0 today.',
    );
    const accepted = await runCommandLine([...order, '--yes', '--leave-out-forbidden', '--json'], world);
    expect(accepted.exitCode).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject({
      route: { version: 3, targets: [{ id: east.id }] },
      leftOut: [unlawful.id],
    });
  });

  it('names the versions that there are', async () => {
    const world = await deployment([[east], [ohio]]);
    const unknown = await runCommandLine([...order.slice(0, 5), '9', '--reason', 'x', '--yes'], world);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      1,
      'spillway: There is no version 9 of chat-small · us; the history holds 2, 1.\n',
    ]);
    const current = await runCommandLine([...order.slice(0, 5), '2', '--reason', 'x', '--yes'], world);
    expect([current.exitCode, current.stderr]).toEqual([
      1,
      'spillway: Version 2 is the current one already; there is nothing to roll back.\n',
    ]);
  });

  it('warns before it takes every target away', async () => {
    const world = await deployment([[], [east]]);
    const { stderr } = await runCommandLine(order, { ...world, typed: 'n' });
    expect(stderr).toContain('Version 1 has no target: only the baseline would answer.');
    expect(stderr).not.toContain('version 1 current');
  });

  it('refuses numbers that are none', async () => {
    const { exitCode, stderr } = await runCommandLine(
      [...order, '--hold-hours', '0'],
      await deployment([[east]]),
    );
    expect([exitCode, stderr]).toEqual([
      2,
      'spillway: --hold-hours must be a whole number from 1 to 720, not "0"\n',
    ]);
  });
});

const observed: Observation = {
  id: east.id,
  account: east.account,
  region: east.region,
  kind: 'bedrock',
  scope: 'in-region',
  modelId: east.modelId,
  state: 'available',
  reasons: [],
  reach: [east.region],
  lifecycle: 'ACTIVE',
  since: 1,
  observedAt: 1,
  stale: false,
  absentLists: 0,
};

describe('spillway release-region', () => {
  const release = ['release-region', 'prod-us', 'us-east-1', '--reason', 'closed', '--yes'];

  it('marks every target of the region as gone by the operator, with an audit line', async () => {
    const world = await deployment([]);
    await world.observations.save({
      account: '111111111111',
      region: 'us-east-1',
      targets: [observed],
      at: 1,
      failures: [],
    });
    const { exitCode, stdout, stderr } = await runCommandLine(release, world);
    expect([exitCode, stdout]).toEqual([
      0,
      '✔ 1 target of us-east-1 (111111111111) is released; the next plan takes it out of every route.\n',
    ]);
    expect(JSON.parse(stderr)).toMatchObject({
      event: 'operator-released-region',
      region: 'us-east-1',
      reason: 'closed',
    });
    const after = await world.observations.load('111111111111', 'us-east-1');
    expect(after?.targets[0]).toMatchObject({ state: 'not-offered', goneEvidence: 'operator' });
  });

  it('refuses a region that never reported, and an account that is not configured', async () => {
    const world = await deployment([]);
    const silent = await runCommandLine(release, world);
    expect([silent.exitCode, silent.stderr]).toEqual([
      1,
      'spillway: Nothing was ever observed in us-east-1 of 111111111111, so there is nothing to release.\n',
    ]);
    const foreign = await runCommandLine(
      ['release-region', '999999999999', 'us-east-1', '--reason', 'x'],
      world,
    );
    expect(foreign.exitCode).toBe(2);
    expect(foreign.stderr).toContain('has no account "999999999999"');
  });
});

describe('spillway publish', () => {
  const publish = ['publish', 'chat-small', '--residency', 'us', '--reason', 'AWS told us'];
  const at = Date.UTC(2026, 10, 21, 7, 29);

  /** Ohio can be called through a profile only, says one list: the guard wants a second sign. */
  async function losing() {
    const world = await deployment([[east, ohio]]);
    const report = async (target: Target, state: Observation['state']) => {
      const { id, account, region } = target;
      const targets = [
        { ...observed, id, account, region, state, reach: [region], since: at, observedAt: at },
      ];
      await world.observations.save({ account, region, targets, at, failures: [] });
    };
    await report(east, 'available');
    await report(ohio, 'profile-only');
    return world;
  }

  it('shows what the guard refuses, and publishes it only with --force, with an audit line', async () => {
    const world = await losing();
    const refused = await runCommandLine([...publish, '--yes'], world);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(`  - ${ohio.id} (profile-only`);
    expect(refused.stderr).toMatch(/Not published: would lose 50 % .* say so with --force\./);
    expect((await world.routes.load('chat-small', 'us'))?.version).toBe(1);
    const forced = await runCommandLine([...publish, '--force'], { ...world, typed: 'y' });
    expect(forced.stderr).toContain('Publish this against the guard and any hold? [y/N]');
    expect(forced.stderr).toContain('"event":"operator-published"');
    expect([forced.exitCode, forced.stdout]).toEqual([0, '✔ chat-small · us is version 2 now.\n']);
    expect((await world.routes.load('chat-small', 'us'))?.targets.map(({ id }) => id)).toEqual([east.id]);
    const again = await runCommandLine([...publish, '--force', '--yes'], world);
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      expect.stringContaining('What stands is what plan wants; there is nothing to publish.'),
    ]);
  });

  it('changes nothing when the person declines, and needs a reason', async () => {
    const world = await losing();
    const declined = await runCommandLine([...publish, '--force'], { ...world, typed: 'n' });
    expect(declined.exitCode).toBe(1);
    const unexplained = await runCommandLine([...publish.slice(0, 4), '--force', '--yes'], world);
    expect([unexplained.exitCode, unexplained.stderr]).toEqual([2, expect.stringContaining('--reason')]);
    expect((await world.routes.load('chat-small', 'us'))?.version).toBe(1);
  });
});

describe('spillway lift-hold', () => {
  const lift = ['lift-hold', 'chat-small', '--residency', 'us', '--reason', 'over', '--yes'];

  it('lifts what rollback held', async () => {
    const world = await deployment([[east], [ohio]]);
    await runCommandLine([...order, '--yes'], world);
    const { exitCode, stdout, stderr } = await runCommandLine(lift, world);
    expect([exitCode, stdout]).toEqual([
      0,
      '✔ chat-small · us is held no more by us-east-1; the next plan publishes again.\n',
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ event: 'operator-lifted-hold', reason: 'over' });
    // It is over since then, and stays to be read.
    expect((await world.routes.loadHolds()).map(({ until }) => until)).toEqual(['2026-11-21T07:30:00.000Z']);
    const again = await runCommandLine(lift, world);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('No hold stands on chat-small · us.');
  });

  it('refuses a region that holds nothing', async () => {
    const { exitCode, stderr } = await runCommandLine(
      [...lift, '--region', 'us-west-1'],
      await deployment([[east]]),
    );
    expect([exitCode, stderr]).toEqual([
      2,
      'spillway: No order can stand in "us-west-1"; the regions are us-east-1, eu-central-1, ap-northeast-1, eu-west-1\n',
    ]);
  });
});
