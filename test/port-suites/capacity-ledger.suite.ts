/** What every CapacityLedger promises. */
import { describe, expect, it } from 'vitest';
import {
  type CapacityRig,
  runSchedule,
  type ScheduleOptions,
  type ScheduleVerdict,
} from '#test/builders/capacity-schedule.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { runsOf } from '#test/builders/runs-of.ts';
import type { CapacityLimit, LeaseAnswer } from '#usecases/ports/capacity-ledger.ts';

export interface CapacityAdapter {
  /** Ledgers of processes over one store, in a world of virtual time. */
  readonly rig: (world: CapacityWorld) => CapacityRig;
  /** It reaches its store by calls, through `world.send`: some of them go wrong. */
  readonly hasNetwork: boolean;
  /** How long a renewed lease stands at least. @default 24 s, as a new one on a page */
  readonly renewedMs?: number;
}

const SCHEDULES = runsOf(10_000);
const TEST_MS_MAX = 180_000;

/** One schedule after the other, a third of them calm, until one complains. */
export async function runSchedules(
  adapter: CapacityAdapter,
  count: number,
  { firstSeed = 0, ...changes }: Partial<ScheduleOptions> & { readonly firstSeed?: number } = {},
): Promise<ScheduleVerdict> {
  const total = { granted: 0, full: 0, unknown: 0, grantedWithoutStore: 0, crashes: 0 };
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const mood = seed % 3 === 0 ? 'calm' : 'rough';
    const { complaints, ...counts } = await runSchedule({ seed, mood, ...adapter, ...changes });
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += counts[name];
    if (complaints.length > 0) return { complaints, ...total };
  }
  return { complaints: [], ...total };
}

export function describeCapacityLedger(name: string, adapter: CapacityAdapter): void {
  describe(`a capacity ledger on ${name}`, () => {
    it(
      `lends no slot twice and loses none in ${SCHEDULES} runs with crashes, wrong clocks, and whatever a network does`,
      async () => {
        const { complaints, ...counts } = await runSchedules(adapter, SCHEDULES);
        expect(complaints).toEqual([]);
        // Slots were fought for, and holders died.
        expect(counts.granted).toBeGreaterThan(10 * SCHEDULES);
        expect(counts.full).toBeGreaterThan(SCHEDULES / 2);
        expect(counts.crashes).toBeGreaterThan(SCHEDULES / 2);
      },
      TEST_MS_MAX,
    );

    it('leaves to higher lanes what is reserved for them', async () => {
      const ask = asking(adapter, { target: 'chat', slots: 8, copies: 1 });
      const bulk = await each(6, (index) => ask(`bulk-${index}`, { slotsReserved: 3 }));
      expect(bulk.map(({ granted }) => granted)).toEqual([true, true, true, true, true, false]);
      const interactive = await each(4, (index) => ask(`chat-${index}`));
      expect(interactive.map(({ granted }) => granted)).toEqual([true, true, true, false]);
      expect(await ask('chat-4')).toEqual({ granted: false, reason: 'full' });
    });

    it('limits the tokens of a copy’s memory, and says when it never holds so many', async () => {
      const ask = asking(adapter, { target: 'chat', slots: 8, copies: 1, kvTokens: 1000 });
      expect(await ask('a', { kvTokens: 1001 })).toEqual({ granted: false, reason: 'never-fits' });
      expect(await ask('b', { kvTokens: 700 })).toMatchObject({ granted: true });
      expect(await ask('c', { kvTokens: 301 })).toEqual({ granted: false, reason: 'full' });
      expect(await ask('d', { kvTokens: 300 })).toMatchObject({ granted: true });
    });

    it('keeps from others what a call has outgrown its reservation to, until it ends', async () => {
      const ask = asking(adapter, { target: 'chat', slots: 8, copies: 1, kvTokens: 1000 });
      expect(await ask('long', { kvTokens: 300 })).toMatchObject({ granted: true });
      expect(await ask.renew('long', 800)).toBe(true);
      expect(await ask('a', { kvTokens: 201 })).toEqual({ granted: false, reason: 'full' });
      // Less than it has says nothing, and more than all there is keeps everybody out.
      for (const grownTo of [400, 1600]) expect(await ask.renew('long', grownTo)).toBe(true);
      expect(await ask('b', { kvTokens: 1 })).toEqual({ granted: false, reason: 'full' });
      await ask.release('long');
      expect(await ask('c', { kvTokens: 900 })).toMatchObject({ granted: true });
      expect(await ask('d', { kvTokens: 100 })).toMatchObject({ granted: true });
      expect(await ask('e', { kvTokens: 1 })).toEqual({ granted: false, reason: 'full' });
    });

    it('counts one id once, however often it is asked for and given back', async () => {
      const limit = { target: 'chat', slots: 2, copies: 1 };
      const ask = asking(adapter, limit);
      const twice = await Promise.all([ask('a'), ask('a')]);
      expect([...twice, await ask('a')].map(({ granted }) => granted)).toEqual([true, true, true]);
      expect((await ask('b')).granted).toBe(true);
      for (const id of ['a', 'a', 'never-asked-for']) await ask.release(id);
      expect((await each(2, (index) => ask(`c-${index}`))).map(({ granted }) => granted)).toEqual([
        true,
        false,
      ]);
      expect(await ask.renew('a')).toBe(false);
      expect(await ask.renew('b')).toBe(true);
    });
  });
}

function asking(adapter: CapacityAdapter, limit: CapacityLimit) {
  const world = new CapacityWorld('examples');
  const clock = world.clock(0);
  const ledger = adapter.rig(world).open({ name: 'process', clock, random: world.random });
  const heard = async <Answer>(answer: Answer | Promise<Answer>): Promise<Answer> => {
    await world.run(200);
    return answer;
  };
  const ask = (leaseId: string, changes: object = {}): Promise<LeaseAnswer> =>
    heard(ledger.acquire({ limit, leaseId, kvTokens: 0, slotsReserved: 0, at: clock.now(), ...changes }));
  return Object.assign(ask, {
    release: (leaseId: string) => heard(ledger.release(limit, leaseId, clock.now())),
    renew: (leaseId: string, grownTo?: number) =>
      heard(ledger.renew(limit, leaseId, { at: clock.now(), grownTo })),
  });
}

async function each<Answer>(count: number, ask: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await ask(index));
  return answers;
}
