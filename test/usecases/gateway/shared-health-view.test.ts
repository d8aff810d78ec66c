import { describe, expect, it } from 'vitest';
import { createMemoryHealthStore } from '#adapters/memory/memory-health-store.ts';
import { type FailureMark, nothingShared, type SharedHealth } from '#core/health/shared-health.ts';
import { withEjection, withEvidence } from '#core/health/step-shared-health.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { SharedHealthView } from '#usecases/gateway/shared-health-view.ts';
import type { GatewayEvent } from '#usecases/ports/gateway-metrics.ts';
import type { HealthStore } from '#usecases/ports/health-store.ts';

const start = 1_000_000;
const mark = (by: string, ms: number): FailureMark => ({ by, at: start + ms, points: 1, origin: 'o' });

function aView(store: HealthStore, self = 'p1') {
  const clock = createVirtualClock(start);
  const events: GatewayEvent[] = [];
  const lines: string[] = [];
  const ejections: string[] = [];
  const view = new SharedHealthView({
    store,
    clock,
    random: createSeededRandom(1),
    log: { write: (level, event) => void lines.push(`${level} ${event}`) },
    metrics: { record: () => undefined, ejected: () => undefined, count: (event) => void events.push(event) },
    onView: () => undefined,
    onRead: () => undefined,
    onEjection: (key) => void ejections.push(key),
  });
  const tellFailure = (ms: number) =>
    view.change('t', (health) =>
      withEvidence(health, { failures: [mark(self, ms)] }, { by: self, at: start + ms }),
    );
  return { view, clock, events, lines, ejections, tellFailure };
}

describe('changes of what several processes know', () => {
  it('are all kept, whoever was first', async () => {
    const store = createMemoryHealthStore();
    const views = ['p1', 'p2', 'p3', 'p4'].map((self) => aView(store, self));
    expect(await Promise.all(views.map(({ tellFailure }, index) => tellFailure(index)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const stands = await store.load('t');
    expect(stands?.health.failures.map(({ by }) => by)).toEqual(['p1', 'p2', 'p3', 'p4']);
    const revisions = store.writes.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((one, other) => one - other));
  });

  it('are made anew of what others wrote, and not at all where nothing is left to do', async () => {
    const store = createMemoryHealthStore();
    const [one, two] = [aView(store, 'p1'), aView(store, 'p2')];
    const ejecting = (view: SharedHealthView, by: string) =>
      view.change('t', (health) =>
        health.standing === undefined ? withEjection(health, { by, at: start }) : undefined,
      );
    expect([await ejecting(one.view, 'p1'), await ejecting(two.view, 'p2')]).toEqual([true, false]);
    expect([one.ejections, two.ejections]).toEqual([['t'], []]);
    expect(two.view.of('t')?.standing?.by).toBe('p1');
  });

  it('end after five tries against others', async () => {
    const store = createMemoryHealthStore();
    let tries = 0;
    const save = async () => {
      tries += 1;
      return false;
    };
    const contested: HealthStore = { ...store, save };
    const { tellFailure, events } = aView(contested);
    expect([await tellFailure(0), tries, events]).toEqual([false, 5, []]);
  });
});

describe('a store that fails', () => {
  it('is told of once and counted each time, until it answers again', async () => {
    const store = createMemoryHealthStore();
    let isAway = true;
    const moody: HealthStore = {
      ...store,
      loadAll: () => (isAway ? Promise.reject(new Error('away')) : store.loadAll()),
    };
    const { view, events, lines } = aView(moody);
    await view.refresh();
    await view.refresh();
    isAway = false;
    await view.refresh();
    isAway = true;
    await view.refresh();
    expect(events).toEqual(['health-unshared', 'health-unshared', 'health-unshared']);
    expect(lines).toEqual(['warn health-sharing-failed', 'warn health-sharing-failed']);
  });

  it('by a hang counts after a second', async () => {
    const hanging: HealthStore = {
      ...createMemoryHealthStore(),
      loadAll: () => new Promise(() => undefined),
      save: () => new Promise(() => undefined),
    };
    const { view, clock, events, tellFailure } = aView(hanging);
    await view.refresh();
    expect([clock.now() - start, events, view.isEmpty()]).toEqual([1000, ['health-unshared'], true]);
    await expect(tellFailure(0)).rejects.toThrow();
  });
});

describe('an item that no process can have told', () => {
  const year9999 = Date.UTC(9999, 0, 1);
  const MOST = Number.MAX_SAFE_INTEGER;
  const ejected = {
    episode: 1,
    phase: 'ejected',
    at: start,
    until: start + 5000,
    ejections: 1,
    by: 'x',
  } as const;
  const forged: readonly (readonly [string, SharedHealth, number])[] = [
    ['an ejection without end', { ...nothingShared, standing: { ...ejected, until: year9999 } }, start],
    ['an episode after all others', { ...nothingShared, standing: { ...ejected, episode: MOST } }, start],
    ['more ejections than can be', { ...nothingShared, standing: { ...ejected, ejections: MOST } }, start],
    ['a good answer to come', { ...nothingShared, goods: [{ origin: 'o', at: year9999 }] }, start],
    ['failures to come', { ...nothingShared, failures: [mark('x', year9999)] }, start],
    ['a version after all others', nothingShared, MOST],
  ];

  it.each(forged)('is not believed, and is written over: %s', async (_, health, revision) => {
    const store = createMemoryHealthStore();
    await store.save({ key: 't', revision, health }, undefined);
    const { view, clock, events } = aView(store);
    await view.refresh();
    expect(view.of('t')).toEqual(nothingShared);
    expect(events).toEqual(health === nothingShared ? [] : ['bad-health-item']);
    const ejecting = (): Promise<boolean> =>
      view.change('t', (stands) => withEjection(stands, { by: 'p1', at: clock.now() }));
    expect([await ejecting(), await ejecting()]).toEqual([true, true]);
    await view.refresh();
    const stands = await store.load('t');
    expect(stands?.revision).toBeLessThan(start + 10);
    expect(stands?.health.standing).toMatchObject({ ejections: 2, episode: start + 1 });
    expect(view.of('t')).toEqual(stands?.health);
  });

  it('takes nothing from what others told beside it', async () => {
    const store = createMemoryHealthStore();
    const failures = [mark('p2', 0), mark('x', year9999)];
    await store.save(
      { key: 't', revision: start, health: { failures, goods: [], tallies: [], standing: ejected } },
      undefined,
    );
    const { view } = aView(store);
    await view.refresh();
    expect(view.of('t')).toEqual({ failures: [mark('p2', 0)], goods: [], tallies: [], standing: ejected });
  });

  it('hides none of a thousand others, however many there are of it', async () => {
    const store = createMemoryHealthStore();
    for (let index = 0; index < 1000; index += 1) {
      const [, health, revision] = forged[index % forged.length] ?? ['', nothingShared, start];
      await store.save({ key: `t${index}`, revision, health }, undefined);
    }
    await store.save(
      { key: 't', revision: start, health: { ...nothingShared, standing: ejected } },
      undefined,
    );
    const { view, events } = aView(store);
    await view.refresh();
    await view.refresh();
    expect(view.of('t')?.standing).toEqual(ejected);
    const believed = store.writes.filter(({ key }) => key !== 't' && view.of(key)?.standing !== undefined);
    expect([believed, events]).toEqual([[], ['bad-health-item', 'bad-health-item']]);
  });
});
