/** Memory that answers have outgrown is lent to nobody, whichever process its call runs in. */
import { expect, it } from 'vitest';
import { pagesRig } from '#test/builders/capacity-rigs.ts';
import { CapacityWorld, noFaults } from '#test/builders/capacity-world.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';

const KV_TOKENS = 1_000;
const limit = { target: 'chat', slots: 16, copies: 1, kvTokens: KV_TOKENS };

/** Calls that come, grow and end at two processes over one store; answers with how many were granted, and how full it was. */
async function runCalls(seed: string): Promise<{ granted: number; fullest: number }> {
  const world = new CapacityWorld(seed);
  world.faults = { ...noFaults, twice: 0.3 };
  const below = (count: number): number => Math.floor(world.random.next() * count);
  const clock = world.clock(0);
  const rig = pagesRig()(world);
  const ledgers = ['one', 'two'].map((name) => rig.open({ name, clock, random: world.random }));
  const calls = new Map<string, { readonly ledger: CapacityLedger; kvTokens: number }>();
  const sum = (): number => [...calls.values()].reduce((total, { kvTokens }) => total + kvTokens, 0);
  let [granted, fullest] = [0, 0];
  for (let step = 0; step < 80; step += 1) {
    const [leaseId, call] = [...calls][below(calls.size)] ?? [];
    const chance = below(10);
    if (leaseId === undefined || call === undefined || chance < 5) {
      const ledger = ledgers[below(2)];
      if (ledger === undefined) throw new Error('there are two');
      const demand = { limit, leaseId: `${seed}-${step}`, kvTokens: 20 + below(300), slotsReserved: 0 };
      const answer = ledger.acquire({ ...demand, at: clock.now() });
      await world.run(150);
      const { granted: isGranted } = await answer;
      expect(isGranted && sum() + demand.kvTokens > KV_TOKENS, `${seed}, step ${step}`).toBe(false);
      if (isGranted) calls.set(demand.leaseId, { ledger, kvTokens: demand.kvTokens });
      if (isGranted) granted += 1;
    } else if (chance < 8) {
      const grownTo = call.kvTokens + below(200);
      const answer = call.ledger.renew(limit, leaseId, { at: clock.now(), grownTo });
      await world.run(150);
      expect(await answer).toBe(true);
      call.kvTokens = grownTo;
    } else {
      void call.ledger.release(limit, leaseId, clock.now());
      await world.run(150);
      calls.delete(leaseId);
    }
    fullest = Math.max(fullest, sum());
  }
  for (const [leaseId, { ledger }] of calls) void ledger.release(limit, leaseId, clock.now());
  world.faults = noFaults;
  await world.run(60_000);
  const whole = ledgers[0]?.acquire({
    limit,
    leaseId: `${seed}-whole`,
    kvTokens: KV_TOKENS,
    slotsReserved: 0,
    at: clock.now(),
  });
  await world.run(150);
  expect(await whole).toMatchObject({ granted: true });
  return { granted, fullest };
}

it('lends nothing beside what calls have outgrown, and all of it once they have ended', async () => {
  let [granted, fullest] = [0, 0];
  for (let run = 0; run < 40; run += 1) {
    const outcome = await runCalls(`growth-${run}`);
    granted += outcome.granted;
    fullest = Math.max(fullest, outcome.fullest);
  }
  expect(granted).toBeGreaterThan(400);
  // Answers grow whether there is room or not.
  expect(fullest).toBeGreaterThan(KV_TOKENS);
});
