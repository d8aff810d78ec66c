import { describe, expect, it } from 'vitest';
import {
  LEASE_OVERDUE_MS,
  LEASE_RENEWED_AGAIN_MS,
  LEASE_RENEWED_MS,
  leaseExpiry,
} from '#core/capacity/lease.ts';
import type { LeasePage } from '#core/capacity/lease-page.ts';
import { pagesRig, pagesRigOver, WorldPages } from '#test/builders/capacity-rigs.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import type { CapacityLedger, LeaseDemand } from '#usecases/ports/capacity-ledger.ts';
import type { LeasePageStore } from '#usecases/ports/lease-page-store.ts';
import {
  type CapacityAdapter,
  describeCapacityLedger,
  runSchedules,
} from '../../port-suites/capacity-ledger.suite.ts';

describeCapacityLedger('lease pages', { rig: pagesRig(), hasNetwork: true });

it('asks again for a renewal of which the store did not hear, and gives up when the lease is over', async () => {
  const world = new CapacityWorld('renewals');
  const [clock, pages] = [world.clock(0), new WorldPages()];
  const ledger = pagesRigOver(pages)(world).open({ name: 'one', clock, random: world.random });
  const limit = { target: 'chat', slots: 1, copies: 1 };
  const expiry = () => pages.page('chat#0').leases.get('a')?.expiresAt ?? 0;
  void ledger.acquire({ limit, leaseId: 'a', kvTokens: 0, slotsReserved: 0, at: clock.now() });
  await world.run(LEASE_RENEWED_MS);
  world.isDown = true;
  const lost = ledger.renew(limit, 'a', { at: clock.now() });
  await world.run(8_000);
  expect(await lost).toBe(true);
  world.isDown = false;
  await world.run(2_000);
  // The third that was asked again, some 9 s after the first.
  expect(expiry()).toBeGreaterThan(leaseExpiry(clock.now() - 2_000));
  world.isDown = true;
  void ledger.renew(limit, 'a', { at: clock.now() });
  await world.run(60_000);
  const { writes } = pages;
  await world.run(60_000);
  expect(pages.writes).toBe(writes);
});

it('tells the store of the most that a call has grown to while it was away, as soon as it is back', async () => {
  const world = new CapacityWorld('growth');
  const [clock, pages] = [world.clock(0), new WorldPages()];
  const ledger = pagesRigOver(pages)(world).open({ name: 'one', clock, random: world.random });
  const limit = { target: 'chat', slots: 4, copies: 1, kvTokens: 20_000 };
  const ask = (leaseId: string, kvTokens: number) =>
    ledger.acquire({ limit, leaseId, kvTokens, slotsReserved: 0, at: clock.now() });
  const stored = () => pages.page('chat#copy-0').leases.get('a')?.kvTokens;
  void ask('a', 1_000);
  await world.run(1_000);
  world.isDown = true;
  for (const grownTo of [2_000, 16_000, 9_000]) {
    void ledger.renew(limit, 'a', { at: clock.now(), grownTo });
    await world.run(600);
  }
  expect(stored()).toBe(1_000);
  world.isDown = false;
  await world.run(LEASE_RENEWED_AGAIN_MS);
  expect(stored()).toBe(16_000);
  const next = ask('b', 15_000);
  await world.run(1_000);
  expect(await next).toEqual({ granted: false, reason: 'full' });
  // A call that takes the lease over later has not grown.
  world.isDown = true;
  void ledger.renew(limit, 'a', { at: clock.now(), grownTo: 18_000 });
  await world.run(300);
  void ledger.release(limit, 'a', clock.now());
  expect(ask('c', 500)).toMatchObject({ granted: true });
  world.isDown = false;
  await world.run(10_000);
  void ledger.renew(limit, 'c', { at: clock.now() });
  await world.run(1_000);
  expect(stored()).toBe(16_000);
});

describe('the runs catch', () => {
  const caught = async (adapter: CapacityAdapter, words: RegExp, changes: object = {}): Promise<void> => {
    const { complaints } = await runSchedules(adapter, 1_500, changes);
    expect(complaints[0]).toMatch(words);
  };
  const onPages = (bend: (store: LeasePageStore) => LeasePageStore): CapacityAdapter => ({
    rig: pagesRig({ bend }),
    hasNetwork: true,
  });

  it('a counter in the place of leases', () =>
    caught({ rig: counterRig, hasNetwork: false }, /free 32 s after every process died/));

  it('a release that is missing when a call is given up before it has its slot', () =>
    caught({ rig: forgetfulRig, hasNetwork: true }, /free after every call ended/));

  it('leases that others than their holders renew', () =>
    caught(onPages(renewingForOthers), /free 32 s after every process died/));

  it('an expiry that knows nothing of wrong clocks', () =>
    caught(onPages(trustingClocks), /(slots|KV tokens) in use/));

  it('a write that is asked for again under another id when its answer is lost', () =>
    caught(onPages(countingTwice), /free after every call ended/));
});

/** What a pair of `ADD 1 IF below the limit` and `ADD -1` would be. */
function counterRig() {
  const held = { slots: 0, kvTokens: 0 };
  const ids = new Map<string, number>();
  const ledger: CapacityLedger = {
    acquire: ({ limit, leaseId, kvTokens, at }: LeaseDemand) => {
      if (ids.has(leaseId)) return { granted: true, expiresAt: leaseExpiry(at) };
      const { slots, kvTokens: most = Number.POSITIVE_INFINITY } = limit;
      if (held.slots >= slots || held.kvTokens + kvTokens > most) return { granted: false, reason: 'full' };
      held.slots += 1;
      held.kvTokens += kvTokens;
      ids.set(leaseId, kvTokens);
      return { granted: true, expiresAt: leaseExpiry(at) };
    },
    renew: () => true,
    release: (_limit, leaseId) => {
      const kvTokens = ids.get(leaseId);
      if (kvTokens === undefined) return;
      ids.delete(leaseId);
      held.slots -= 1;
      held.kvTokens -= kvTokens;
    },
  };
  return { open: () => ledger };
}

function forgetfulRig(world: Parameters<ReturnType<typeof pagesRig>>[0]) {
  const rig = pagesRig()(world);
  return {
    open: (process: Parameters<typeof rig.open>[0]): CapacityLedger => {
      const ledger = rig.open(process);
      const asking = new Set<string>();
      return {
        acquire: async (demand) => {
          asking.add(demand.leaseId);
          const answer = await ledger.acquire(demand);
          asking.delete(demand.leaseId);
          return answer;
        },
        renew: (limit, leaseId, use) => ledger.renew(limit, leaseId, use),
        release: (limit, leaseId, at) =>
          asking.has(leaseId) ? undefined : ledger.release(limit, leaseId, at),
      };
    },
  };
}

const moved = ({ leases }: LeasePage, move: (expiresAt: number) => number): LeasePage => ({
  leases: new Map([...leases].map(([id, lease]) => [id, { ...lease, expiresAt: move(lease.expiresAt) }])),
});

function renewingForOthers(store: LeasePageStore): LeasePageStore {
  return {
    ...store,
    admit: async (key, admission) => {
      const outcome = await store.admit(key, admission);
      if (outcome.applied) return outcome;
      const { expiresAt } = admission.lease;
      for (const id of outcome.page.leases.keys()) await store.renew(key, id, { expiresAt, kvTokens: 0 });
      return { applied: false, page: moved(outcome.page, () => expiresAt) };
    },
  };
}

function trustingClocks(store: LeasePageStore): LeasePageStore {
  return {
    ...store,
    admit: async (key, admission) => {
      const removed = admission.removed.map((lease) => ({
        ...lease,
        expiresAt: lease.expiresAt + LEASE_OVERDUE_MS,
      }));
      const outcome = await store.admit(key, { ...admission, removed });
      if (outcome.applied) return outcome;
      return { applied: false, page: moved(outcome.page, (expiresAt) => expiresAt - LEASE_OVERDUE_MS) };
    },
  };
}

function countingTwice(store: LeasePageStore): LeasePageStore {
  const tries = new Map<string, number>();
  const idOf = (id: string): string => ((tries.get(id) ?? 0) > 0 ? `${id}-again-${tries.get(id)}` : id);
  return {
    admit: async (key, admission) => {
      const { lease } = admission;
      try {
        const asked = { ...admission, lease: { ...lease, leaseId: idOf(lease.leaseId) } };
        return await store.admit(key, asked);
      } catch (error) {
        tries.set(lease.leaseId, (tries.get(lease.leaseId) ?? 0) + 1);
        throw error;
      }
    },
    renew: (key, leaseId, renewal) => store.renew(key, idOf(leaseId), renewal),
    release: (key, lease) => store.release(key, { ...lease, leaseId: idOf(lease.leaseId) }),
  };
}
