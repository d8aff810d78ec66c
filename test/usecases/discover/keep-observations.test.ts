import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { discoverAgain, openSmallWorld, smallAccount, smallModel } from '#test/builders/small-world.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const discover = () => discoverAgain(world);
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
    expect(await world.changes.load({ account: smallAccount, region: 'us-east-1' }, 5)).toEqual([]);
  });

  it('keeps a note of every state that moved', async () => {
    fake().availability.set(smallModel, { agreement: 'PENDING' });
    await discover();
    expect(await world.changes.load({ account: smallAccount, region: 'us-east-1' }, 5)).toMatchObject([
      { from: 'available', to: 'no-agreement', reasons: ['agreement-pending'] },
    ]);
  });

  it('gives up on a store that hangs, within its own deadline', async () => {
    const hang = () => new Promise<never>(() => undefined);
    Object.assign(world.dependencies.observations, { save: hang, saveHeartbeat: hang });
    const outcome = await discover();
    expect(outcome).toMatchObject({ kind: 'not-stored', failures: ['observation store: timed_out'] });
    expect(outcome.durationMs).toBeLessThanOrEqual(25_000);
  });
});
