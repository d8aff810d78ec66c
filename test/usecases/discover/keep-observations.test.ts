import { beforeEach, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { regionReport } from '#test/builders/routes.ts';
import { discoverAgain, openSmallWorld, smallAccount, smallModel } from '#test/builders/small-world.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const discover = () => discoverAgain(world);
const place = { account: smallAccount, region: 'us-east-1' };
const logged = async () => (await world.changes.load(place, { since: 0, limit: 9 })).changes;
const standing = () => world.dependencies.observations.load(place.account, place.region);
const fake = () => world.region(smallAccount, 'us-east-1');

describe('keeping what a run found', () => {
  it('writes a heartbeat where nothing moved, and the whole report where anything did', async () => {
    expect(await discover()).toMatchObject({ kind: 'unchanged', changes: [] });
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    expect(await discover()).toMatchObject({ kind: 'changed', changes: [{ to: 'no-agreement' }] });
  });

  it('notes no change where a newer run has written already', async () => {
    Object.assign(world.dependencies.observations, { save: async () => false });
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    expect(await discover()).toMatchObject({ kind: 'superseded', changes: [] });
    expect(await logged()).toEqual([]);
  });

  it('keeps a note of every state that moved', async () => {
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    await discover();
    const change = { from: 'available', to: 'no-agreement', reasons: ['agreement-pending'] };
    expect(await logged()).toMatchObject([change]);
    expect((await standing())?.history?.latest).toMatchObject([change]);
  });

  it('writes down later what the log did not take', async () => {
    const { append } = world.changes;
    const fails = async () => {
      throw houseError('timed_out', { message: 'the log is away' });
    };
    Object.assign(world.changes, { append: fails });
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    expect(await discover()).toMatchObject({ kind: 'not-stored' });
    fake().availability.set(smallModel, { agreement: 'ERROR' });
    await discover();
    fake().availability.set(smallModel, { agreement: 'AVAILABLE' });
    await discover();
    expect(await logged()).toEqual([]);
    Object.assign(world.changes, { append });
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    await discover();
    expect((await logged()).map(({ from, to }) => [from, to])).toEqual([
      ['available', 'no-agreement'],
      ['no-agreement', 'available'],
      ['available', 'no-agreement'],
    ]);
  });

  it('begins a history over the report of a version that kept none', async () => {
    const { history: _, ...older } = (await standing()) ?? regionReport('us-east-1', []);
    await world.dependencies.observations.save(older);
    expect(await discover()).toMatchObject({ kind: 'changed', changes: [] });
    const report = await standing();
    expect(report?.history).toEqual({ from: report?.at, latest: [] });
    expect(await discover()).toMatchObject({ kind: 'unchanged' });
  });

  it('gives up on a store that hangs, within its own deadline', async () => {
    const hang = () => new Promise<never>(() => undefined);
    Object.assign(world.dependencies.observations, { save: hang, saveHeartbeat: hang });
    const outcome = await discover();
    expect(outcome).toMatchObject({ kind: 'not-stored', failures: ['observation store: timed_out'] });
    expect(outcome.durationMs).toBeLessThanOrEqual(25_000);
  });
});
