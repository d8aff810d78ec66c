import { describe, expect, it } from 'vitest';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { Chance } from '#simulator/engine/chance.ts';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';
import { boundsOf, placesOf } from '#simulator/judges/places-truth.ts';
import { ControlPlane } from '#simulator/world/control-plane.ts';
import type { RegionTruth } from '#simulator/world/region-catalogue.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { worldStartMs } from '#test/builders/judged-history.ts';

const config = acmeConfig();
const everyMs = config.discovery.everySeconds * 1_000;
const copies = { status: 'InService', copiesInService: 2, copiesDesired: 2 };

async function aControlPlane(trouble: RegionTruth['trouble'] = 'none') {
  const time = new VirtualTime(worldStartMs);
  const routes = createMemoryRouteStore(config.home.region);
  const regions = new Map<string, RegionTruth>();
  const truthOf = (region: string): RegionTruth => {
    const made = { region, trouble, gone: new Set<string>(), copiesOf: () => copies };
    const truth = regions.get(region) ?? made;
    regions.set(region, truth);
    return truth;
  };
  const log = { write: () => undefined };
  const chance = new Chance('1');
  const control = new ControlPlane({
    config,
    facts,
    digest: cryptoDigest,
    time,
    chance,
    routes,
    log,
    truthOf,
  });
  const beginning = control.begin();
  await time.run(worldStartMs + 60_000);
  await beginning;
  const published = async () => (await routes.loadAll()).routes;
  /** By route, the targets that it names. */
  const named = async () =>
    Object.fromEntries(
      (await published()).map(({ model, residency, targets }) => [
        `${model} ${residency}`,
        targets.map(({ id }) => id).toSorted(),
      ]),
    );
  return { time, control, truthOf, published, named };
}

describe('a simulated control plane', () => {
  it('publishes a route for every model under every residency, from what regions list', async () => {
    const { published, named } = await aControlPlane();
    const all = Object.keys(config.models).flatMap((model) =>
      Object.keys(config.residencies).map((residency) => `${model} ${residency}`),
    );
    const routes = await named();
    expect(Object.keys(routes).toSorted()).toEqual(all.toSorted());
    expect(routes['chat-small us']).toContain('111111111111/us-east-1/chat-small');
    expect(routes['chat-small us']).toContain('111111111111/us-east-1/amazon.nova-lite-v1:0');
    expect((await published()).every(({ version }) => version === 1)).toBe(true);
  });

  it('publishes no target outside of a residency, even where lists lie', async () => {
    for (const trouble of ['none', 'poisoned'] as const) {
      const routes = await (await aControlPlane(trouble)).published();
      const outside = routes.flatMap(({ residency, targets }) => {
        const bounds = boundsOf(config, facts, residency);
        return targets.filter((target) =>
          placesOf(facts, target).some((place) => bounds?.has(place) === false),
        );
      });
      expect(outside.map(({ id }) => id)).toEqual([]);
      expect(routes.some(({ targets }) => targets.length > 0)).toBe(true);
    }
  });

  it.each(['empty', 'throttled'] as const)('keeps its routes when every list is %s', async (trouble) => {
    const { time, control, truthOf, named } = await aControlPlane();
    const before = await named();
    control.start();
    for (const { regions } of config.accounts)
      for (const region of regions) truthOf(region).trouble = trouble;
    await time.run(time.nowMs + 3 * everyMs);
    expect(await named()).toEqual(before);
  });

  it('goes on by its schedule: a model that left a region leaves the routes, and comes back', async () => {
    const { time, control, truthOf, named } = await aControlPlane();
    const lost = '111111111111/us-east-2/us.amazon.nova-lite-v1:0';
    const has = async () => (await named())['chat-small us']?.includes(lost);
    expect(await has()).toBe(true);
    control.start();
    truthOf('us-east-2').gone.add('amazon.nova-lite-v1:0');
    await time.run(time.nowMs + 3 * everyMs);
    expect(await has()).toBe(false);
    truthOf('us-east-2').gone.clear();
    await time.run(time.nowMs + 3 * everyMs);
    expect(await has()).toBe(true);
  });

  it('does nothing more once it is stopped, and leaves nothing planned', async () => {
    const { time, control } = await aControlPlane();
    control.start();
    control.stop();
    const stoppedMs = time.nowMs;
    await time.run();
    expect(time.nowMs - stoppedMs).toBeLessThanOrEqual(2 * everyMs);
    expect(time.planned).toBe(0);
  });
});
