import { describe, expect, it } from 'vitest';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { liftHold } from '#usecases/operate/lift-hold.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';

const at = Date.UTC(2026, 10, 21);
const clock = { now: () => at } as Parameters<typeof liftHold>[0]['clock'];
const order = { model: 'chat', residency: 'us', by: 'ada', reason: 'over' };
const hold = {
  model: 'chat',
  residency: 'us',
  by: 'bob',
  reason: 'incident',
  until: '2026-11-22T00:00:00.000Z',
};

/** One table that several regions read; each writes its own control items. */
function tableOf(...regions: readonly string[]): ReadonlyMap<string, RouteStore> {
  const own = new Map(regions.map((region) => [region, createMemoryRouteStore(region)]));
  const loadHolds = async () =>
    (await Promise.all([...own.values()].map((store) => store.loadHolds()))).flat();
  return new Map([...own].map(([region, store]) => [region, { ...store, loadHolds }]));
}

function world() {
  const stores = tableOf('us-east-1', 'eu-west-1');
  const at = (region: string): RouteStore => {
    const store = stores.get(region);
    if (store === undefined) throw new Error(`there is no ${region}`);
    return store;
  };
  const lines: unknown[] = [];
  const log = {
    write: (_level: string, event: string, facts?: object) => void lines.push({ event, ...facts }),
  };
  const lift = (region: string) => liftHold({ clock, log, routes: at(region) }, order);
  return { at, lift, lines };
}

describe('lifting a hold', () => {
  it('lifts that of its own region, after it was written down', async () => {
    const { at, lift, lines } = world();
    await at('eu-west-1').saveHold(hold);
    expect(await lift('eu-west-1')).toEqual({ lifted: { ...hold, region: 'eu-west-1' }, standing: [] });
    // It stays to be read, and is over.
    const over = { ...hold, region: 'eu-west-1', until: '2026-11-21T00:00:00.000Z' };
    expect(await at('us-east-1').loadHolds()).toEqual([over]);
    await expect(lift('eu-west-1')).rejects.toMatchObject({ code: 'hold_unknown' });
    expect(lines).toEqual([{ event: 'operator-lifted-hold', region: 'eu-west-1', ...order }]);
  });

  it('refuses from another region, and names those that hold the route', async () => {
    const { at, lift, lines } = world();
    await at('eu-west-1').saveHold(hold);
    await expect(lift('us-east-1')).rejects.toMatchObject({
      code: 'hold_unknown',
      message:
        'model chat for residency us is not held by us-east-1; it must be lifted in the region that holds it: eu-west-1 (by bob until 2026-11-22T00:00:00.000Z)',
    });
    expect(await at('us-east-1').loadHolds()).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('tells of the holds of others that go on', async () => {
    const { at, lift } = world();
    await at('eu-west-1').saveHold(hold);
    await at('us-east-1').saveHold({ ...hold, by: 'eve' });
    expect((await lift('us-east-1')).standing).toEqual([{ ...hold, region: 'eu-west-1' }]);
  });

  it('takes a hold whose time is over, or of another route, for none', async () => {
    const { at, lift } = world();
    await at('us-east-1').saveHold({ ...hold, until: '2026-11-20T00:00:00.000Z' });
    await at('us-east-1').saveHold({ ...hold, residency: 'eu' });
    await expect(lift('us-east-1')).rejects.toMatchObject({
      message: 'no hold stands on model chat for residency us',
    });
  });
});
