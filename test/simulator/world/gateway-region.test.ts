import { describe, expect, it } from 'vitest';
import { CallerView } from '#simulator/world/caller-view.ts';
import { aSimulatedWorld } from '#test/builders/a-simulated-world.ts';
import { aSimulatedRequest } from '#test/builders/judged-history.ts';

const home = 'us-east-1';
const nobodyLeaves = new AbortController().signal;

async function aRegion(options: Parameters<typeof aSimulatedWorld>[0] = {}) {
  const made = await aSimulatedWorld(options);
  const gateway = made.world.gateways.get(home);
  if (gateway === undefined) throw new Error(`there is no gateway in ${home}`);
  const view = new CallerView(() => made.world.time.nowMs);
  return { ...made, gateway, view };
}

describe('the gateway of a region', () => {
  it('leads a request to the head of an answer whose body the caller reads', async () => {
    const { world, gateway, view, history } = await aRegion();
    const answering = gateway.answer(aSimulatedRequest({ streamed: false }), view, nobodyLeaves);
    await world.time.run(world.time.nowMs + 1_000);
    expect(await answering).toMatchObject({ status: 200 });
    expect([view.ends, view.shownTokens]).toEqual([1, 50]);
    expect(history.sent[0]).toMatchObject({ gateway: home, request: { id: 1 } });
  });

  it('holds no prompt that is not lawful here, or that names nothing of the configuration', async () => {
    const { gateway, view, serving } = await aRegion();
    for (const changes of [
      { residency: 'eu' },
      { residency: 'mars' },
      { tenant: 'nobody' },
      { model: 'chat-huge' },
    ])
      expect(gateway.answer(aSimulatedRequest(changes), view, nobodyLeaves)).toBeUndefined();
    expect(serving()?.calls).toEqual([]);
  });

  it('lends a slot of its own ledger to each call, for as long as that is under way', async () => {
    const { world, gateway, view } = await aRegion({ planOf: () => [] });
    const leaving = [1, 2, 3].map(() => new AbortController());
    const answering = leaving.map(({ signal }, index) =>
      gateway.answer(aSimulatedRequest({ id: index + 1 }), view, signal),
    );
    await world.time.run(world.time.nowMs + 1_000);
    expect(gateway.capacity.held(world.time.nowMs)).toBe(3);
    leaving[1]?.abort();
    await world.time.run(world.time.nowMs + 1_000);
    expect(gateway.capacity.held(world.time.nowMs)).toBe(2);
    expect(await answering[1]).toMatchObject({ status: 499 });
    for (const each of leaving) each.abort();
    await world.time.run(world.time.nowMs + 1_000);
    expect(gateway.capacity.held(world.time.nowMs)).toBe(0);
  });

  it('reads its own clock, which is ahead by its skew', async () => {
    const atOf = async (skewMs: number) => {
      const { world, history } = await aRegion({ skewMs: { [home]: skewMs } });
      world.plan(aSimulatedRequest({ atMs: world.time.nowMs + 10 }));
      await world.time.run(world.time.nowMs + 1_000);
      return history.recorded[0]?.record.at;
    };
    const right = await atOf(0);
    expect(right).toBeDefined();
    expect(await atOf(2_000)).toBe((right ?? 0) + 2_000);
  });

  it('leaves nothing planned that repeats itself once it is stopped', async () => {
    const { world } = await aRegion();
    world.stop();
    await world.time.run();
    expect(world.time.planned).toBe(0);
  });
});
