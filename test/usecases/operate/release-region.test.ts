import { expect, it } from 'vitest';
import { openSmallWorld, smallAccount, smallId } from '#test/builders/small-world.ts';
import { releaseRegion } from '#usecases/operate/release-region.ts';

const order = { account: smallAccount, region: 'us-west-2', by: 'ada', reason: 'closed' };

it('a released region leaves the routes, stays out while it is empty, and comes back when it lists again', async () => {
  const world = await openSmallWorld();
  const region = world.region(smallAccount, 'us-west-2');
  region.emptied.add('listModels');
  await world.discoverAll();
  await releaseRegion(world.dependencies, order);
  await world.plan();
  expect(await world.targetIds('chat', 'us')).not.toContain(smallId('us-west-2'));
  await world.discoverAll();
  await world.plan();
  expect(await world.targetIds('chat', 'us')).not.toContain(smallId('us-west-2'));
  region.emptied.clear();
  await world.discoverAll();
  await world.plan();
  expect(await world.targetIds('chat', 'us')).toContain(smallId('us-west-2'));
});

it('a region that never reported cannot be released', async () => {
  const world = await openSmallWorld();
  await expect(releaseRegion(world.dependencies, { ...order, region: 'eu-west-9' })).rejects.toMatchObject({
    code: 'region_unknown',
  });
});
