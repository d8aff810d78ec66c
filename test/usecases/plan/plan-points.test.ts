import { expect, it } from 'vitest';
import { openSmallWorld } from '#test/builders/small-world.ts';

it('a run tells the age of the oldest report of an account, and how many regions are silent', async () => {
  const world = await openSmallWorld();
  const latest = (name: string) => world.metrics.points.filter((point) => point.name === name).at(-1);
  expect(latest('DiscoveryAge')).toMatchObject({
    value: 0,
    unit: 'Seconds',
    dimensions: { Account: '111111111111' },
  });
  expect(latest('RegionsSilent')).toBeUndefined();
  expect(latest('RoutesPublished')?.value).toBe(2);
  world.clock.advance(901_000);
  await world.discover('111111111111', 'us-east-1');
  await world.plan();
  expect(latest('DiscoveryAge')?.value).toBe(901);
  expect(latest('RegionsSilent')?.value).toBe(3);
});
