import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';
import {
  makeProfileOnly,
  openSmallWorld,
  planUs,
  smallAccount,
  smallModel,
  smallRegions,
} from '#test/builders/small-world.ts';

let world: ControlWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});

const us = () => planUs(world);

describe('a refusal', () => {
  it('keeps a refused route, counts the refusal, and pages when it stands', async () => {
    await makeProfileOnly(world);
    const first = await us();
    expect(first.route).toMatchObject({
      kind: 'refused',
      outcome: 'kept',
      refusal: { code: 'would-empty' },
      version: 1,
    });
    expect(first.run.paging).toEqual([]);
    world.clock.advance(8 * 60_000);
    await us();
    world.clock.advance(8 * 60_000);
    await world.discoverAll();
    const third = await us();
    expect(third.run.paging).toHaveLength(2);
    expect(world.metrics.points.filter(({ name }) => name === 'GuardRefusals').at(-1)).toMatchObject({
      value: 2,
      dimensions: { Model: 'chat' },
    });
    expect(world.metrics.points.some(({ name }) => name === 'GuardRefusalsStanding')).toBe(true);
    expect(world.lines.some(({ event, level }) => event === 'refusal-stands' && level === 'error')).toBe(
      true,
    );
  });

  it('forgets a refusal that passed', async () => {
    await makeProfileOnly(world);
    await us();
    expect(await world.dependencies.refusals.loadAll()).toHaveLength(2);
    for (const region of smallRegions)
      world.region(smallAccount, region).models.set(smallModel, plainModel(smallModel));
    await world.discoverAll();
    await us();
    expect(await world.dependencies.refusals.loadAll()).toEqual([]);
  });

  it('that cannot be kept costs the run nothing', async () => {
    await makeProfileOnly(world);
    const save = async () => Promise.reject(new Error('the ledger is away'));
    Object.assign(world.dependencies.refusals, { save });
    expect((await us()).run.routes.map((each) => each.kind)).toEqual(['refused', 'refused']);
    expect(world.lines.filter(({ event }) => event === 'refusal-not-kept')).toHaveLength(2);
  });
});
