import { describe, expect, it } from 'vitest';
import { blocksRig } from '#test/builders/block-rigs.ts';
import { pagesRig, safeRig } from '#test/builders/capacity-rigs.ts';
import type { CapacityRig } from '#test/builders/capacity-schedule.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { runsOf } from '#test/builders/runs-of.ts';
import { RENEWED_MS_MIN } from '#usecases/capacity/held-block.ts';
import type { LeaseAnswer } from '#usecases/ports/capacity-ledger.ts';
import { runSchedules } from '../../port-suites/capacity-ledger.suite.ts';

const safe = { processesMax: 4, share: 0.5 };
const rigs = [
  ['pages', pagesRig(), undefined],
  ['blocks', blocksRig(), RENEWED_MS_MIN],
] as const;

describe.each(rigs)('with slots set aside beside those on %s', (_, rig, renewedMs) => {
  const steady = { mood: 'rough', processCount: 4, asksSteadily: true, renewedMs, safe } as const;

  it('all processes together lend no more than the limit, whoever loses the store, and when it is back', async () => {
    const adapter = { rig: safeRig(rig, safe), hasNetwork: true };
    const { complaints, grantedWithoutStore } = await runSchedules(adapter, runsOf(100), steady);
    expect(complaints).toEqual([]);
    expect(grantedWithoutStore).toBeGreaterThan(runsOf(500));
  });

  it('the runs catch a part that is not divided', async () => {
    const adapter = { rig: safeRig(rig, { ...safe, processesMax: 1 }), hasNetwork: true };
    const { complaints } = await runSchedules(adapter, 200, steady);
    expect(complaints[0]).toMatch(/slots in use/);
  });

  it('the runs catch a part that is lent beside the whole limit', async () => {
    const adapter = { rig: besideAll(rig), hasNetwork: true };
    const { complaints } = await runSchedules(adapter, 200, { ...steady, safe: { ...safe, share: 0 } });
    expect(complaints[0]).toMatch(/slots in use/);
  });
});

/** As it was before: its part of the limit for each process that does not reach the store. */
function besideAll(rig: (world: CapacityWorld) => CapacityRig): (world: CapacityWorld) => CapacityRig {
  return (world) => {
    const shared = rig(world);
    return {
      open: (process) => {
        const [ledger, own] = [shared.open(process), new Map<string, number>()];
        const lend = ({ limit, leaseId, at }: Parameters<typeof ledger.acquire>[0]): LeaseAnswer => {
          for (const [id, until] of own) if (until <= at) own.delete(id);
          if (own.size >= Math.floor(limit.slots / 4)) return { granted: false, reason: 'unknown' };
          own.set(leaseId, at + 24_000);
          return { granted: true, expiresAt: at + 24_000 };
        };
        return {
          ...{ renew: ledger.renew.bind(ledger), release: ledger.release.bind(ledger) },
          acquire: async (demand) => {
            const answer = await ledger.acquire(demand);
            return !answer.granted && answer.reason === 'unknown' ? lend(demand) : answer;
          },
        };
      },
    };
  };
}

it('where no process has two calls and there are no more processes than slots, everybody may always call', async () => {
  const rig = safeRig(pagesRig(), { processesMax: 4, share: 0, callsMax: 1 });
  const adapter = { rig, hasNetwork: true };
  const { complaints, grantedWithoutStore } = await runSchedules(adapter, runsOf(100), {
    ...{ mood: 'rough', processCount: 4, oneAtATime: true },
  });
  expect(complaints).toEqual([]);
  expect(grantedWithoutStore).toBeGreaterThan(runsOf(300));
});

describe('a process', () => {
  const limit = { target: 'chat', slots: 16, copies: 1, kvTokens: 1600 };
  async function opened(shares = safe) {
    const world = new CapacityWorld('own part');
    const clock = world.clock(0);
    const ledger = safeRig(pagesRig(), shares)(world).open({ name: 'one', clock, random: world.random });
    await world.run(32_000);
    const ask = async (leaseId: string, change: object = {}) => {
      const demand = { limit, leaseId, kvTokens: 10, slotsReserved: 0, at: clock.now(), ...change };
      const answer = ledger.acquire(demand);
      await world.run(1_000);
      return answer;
    };
    return { world, clock, ledger, ask };
  }

  it('uses its own part first, without a call, and lends it anew when it is given back or forgotten', async () => {
    const { world, clock, ledger, ask } = await opened();
    world.isDown = true;
    for (const id of ['a', 'b', 'a']) expect(await ask(id)).toMatchObject({ granted: true });
    expect(await ask('c')).toEqual({ granted: false, reason: 'unknown' });
    void ledger.release(limit, 'a', clock.now());
    expect(await ask('c', { kvTokens: 191 })).toMatchObject({ granted: false });
    expect(await ask('c', { kvTokens: 190 })).toMatchObject({ granted: true });
    expect(ledger.renew(limit, 'c', { at: clock.now() })).toBe(true);
    await world.run(23_000);
    expect(await ask('d')).toMatchObject({ granted: true });
    expect(ledger.renew(limit, 'b', { at: clock.now() })).not.toBe(true);
  });

  it('says of a call that never fits exactly what it says the largest is', async () => {
    const { ledger, ask } = await opened();
    const largest = ledger.largestCall?.(limit) ?? 0;
    expect(largest).toBe(800);
    expect(await ask('a', { kvTokens: largest + 1 })).toEqual({ granted: false, reason: 'never-fits' });
    expect(await ask('a', { kvTokens: largest })).toMatchObject({ granted: true });
    expect(await ask('b', { kvTokens: largest })).toEqual({ granted: false, reason: 'full' });
    const { ask: alone } = await opened({ processesMax: 1, share: 0.75 });
    for (const id of ['c', 'd'])
      expect(await alone(id, { kvTokens: 1200 })).toMatchObject(
        id === 'c' ? { granted: true } : { granted: false, reason: 'full' },
      );
  });

  it('leaves free in it what is reserved, and counts what a call has outgrown', async () => {
    const { world, clock, ledger, ask } = await opened();
    world.isDown = true;
    expect(await ask('a', { slotsReserved: 1 })).toMatchObject({ granted: true });
    expect(await ask('b', { slotsReserved: 1 })).toMatchObject({ granted: false });
    expect(ledger.renew(limit, 'a', { at: clock.now(), grownTo: 195 })).toBe(true);
    expect(await ask('b')).toMatchObject({ granted: false });
    expect(await ask('b', { kvTokens: 5 })).toMatchObject({ granted: true });
  });

  it('that has just begun leaves its part to the calls of whoever was there before', async () => {
    const world = new CapacityWorld('new');
    const ledger = safeRig(
      pagesRig(),
      safe,
    )(world).open({
      name: 'new',
      clock: world.clock(0),
      random: world.random,
    });
    world.isDown = true;
    const answer = ledger.acquire({ limit, leaseId: 'a', kvTokens: 0, slotsReserved: 0, at: world.now });
    await world.run(1_000);
    expect(await answer).toEqual({ granted: false, reason: 'unknown' });
  });

  it('gives back a lease of the common part while it is still asked for', async () => {
    const { world, clock, ledger, ask } = await opened();
    for (const id of ['a', 'b']) await ask(id);
    const demand = { limit: { ...limit, slots: 8 }, kvTokens: 0, slotsReserved: 0 };
    for (let index = 0; index < 8; index += 1) {
      void ledger.acquire({ ...demand, limit, leaseId: `c-${index}`, at: clock.now() });
      void ledger.release(limit, `c-${index}`, clock.now());
      await world.run(200);
    }
    for (let index = 0; index < 8; index += 1)
      expect(await ask(`d-${index}`)).toMatchObject({ granted: true });
    expect(await ask('e')).toEqual({ granted: false, reason: 'full' });
  });
});
