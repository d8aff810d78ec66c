import { describe, expect, it } from 'vitest';
import { EventLog } from '#simulator/swarm/event-log.ts';
import { aSimulatedWorld } from '#test/builders/a-simulated-world.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { aSimulatedRequest } from '#test/builders/judged-history.ts';
import { fails, writes } from '#test/builders/planned-serving.ts';

/** Between two rounds of discovery. */
const everyMs = acmeConfig().discovery.everySeconds * 1_000;

/** A world with one request, run until a minute after it came. */
async function withRequest(
  changes: Partial<ReturnType<typeof aSimulatedRequest>> = {},
  options: Parameters<typeof aSimulatedWorld>[0] = {},
) {
  const made = await aSimulatedWorld(options);
  const { world } = made;
  const cameMs = world.time.nowMs + 5;
  let open = 0;
  world.plan(aSimulatedRequest({ atMs: cameMs, ...changes }), () => {
    world.time.after(0, () => {
      open = world.open;
    });
  });
  await world.time.run(cameMs + 60_000);
  return { ...made, cameMs, openWhenItCame: () => open };
}

describe('a simulated world', () => {
  it('answers a request through the shipped gateway, and shows judges all of it', async () => {
    const { world, history, serving, cameMs, openWhenItCame } = await withRequest();
    const [ended] = history.ended;
    const target = '111111111111/us-east-1/chat-small';
    expect(history).toMatchObject({
      sent: [{ gateway: 'us-east-1', target: { id: target }, request: { id: 1 }, isWakeUp: false }],
      ended: [{ status: 200, target, tier: 'dedicated', attempts: 1, endedAtMs: cameMs + 200 }],
      recorded: [
        { gateway: 'us-east-1', record: { requestId: 'request-1', outcome: 'answered', outputTokens: 50 } },
      ],
      defects: [],
    });
    const { shownTokens, ends, breaks, firstContentAtMs } = ended?.view ?? {};
    expect({ shownTokens, ends, breaks, firstContentAtMs }).toEqual({
      shownTokens: 50,
      ends: 1,
      breaks: 0,
      firstContentAtMs: cameMs + 100,
    });
    expect(serving()?.calls).toHaveLength(1);
    expect([openWhenItCame(), world.open]).toEqual([1, 0]);
  });

  it('tries another target where one fails, and tells as many calls as were sent', async () => {
    const unavailable = {
      kind: 'answer',
      errorName: 'ServiceUnavailableException',
      httpStatus: 503,
      message: 'down',
    } as const;
    let calls = 0;
    const { history } = await withRequest(
      {},
      {
        planOf: ({ outputTokens }) => {
          calls += 1;
          if (calls === 1) return [{ afterMs: 20, does: fails(unavailable) }];
          return [
            { afterMs: 50, does: writes(outputTokens) },
            { afterMs: 60, does: (listener) => listener.finished() },
          ];
        },
      },
    );
    expect(history.ended).toMatchObject([{ status: 200, attempts: 2 }]);
    expect(new Set(history.sent.map(({ target }) => target.id)).size).toBe(2);
  });

  it('refuses a prompt that its gateway may not hold: nothing is sent, nothing is settled', async () => {
    const { history, world } = await withRequest({ residency: 'eu' });
    expect(history).toMatchObject({ sent: [], recorded: [], ended: [{ status: 421, attempts: 0 }] });
    expect(world.open).toBe(0);
  });

  it('lets a caller leave, and frees what served it', async () => {
    const { history, serving, world, cameMs } = await withRequest({ leavesAfterMs: 150 });
    expect(history.ended).toMatchObject([{ endedAtMs: cameMs + 150, view: { ends: 0, shownTokens: 1 } }]);
    expect(history.recorded).toMatchObject([{ record: { outcome: 'cancelled' } }]);
    expect(serving()?.calls[0]?.aborts).toBe(1);
    expect(world.open).toBe(0);
  });

  it('goes one way for one seed, and another for another', async () => {
    const fingerprintOf = async (seed: string) => {
      const { world, history } = await aSimulatedWorld({ seed });
      const draw = world.chance.stream('test');
      for (let id = 1; id <= 40; id += 1)
        world.plan(
          aSimulatedRequest({
            id,
            atMs: world.time.nowMs + id * 30,
            model: draw.pick(['chat-small', 'chat-large']),
            residency: draw.pick(['us', 'anywhere']),
            outputTokens: draw.whole(1, 90),
          }),
        );
      await world.time.run(world.time.nowMs + 30_000);
      const log = new EventLog();
      for (const call of history.sent) log.sent(call, 0);
      for (const ended of history.ended) log.ended(ended);
      expect(log.counts()).toMatchObject({ requests: 40, statuses: { 200: 40 } });
      return log.fingerprint();
    };
    const first = await fingerprintOf('one');
    expect(await fingerprintOf('one')).toBe(first);
    expect(await fingerprintOf('another')).not.toBe(first);
  });

  it('comes to rest when it is stopped', async () => {
    const { world } = await withRequest();
    world.stop();
    await world.time.run();
    expect([world.time.planned, world.open]).toEqual([0, 0]);
  });

  it('hands on trouble with a region’s lists, until it is over', async () => {
    const { world } = await aSimulatedWorld();
    const failuresIn = async (region: string) => {
      await world.time.run(world.time.nowMs + 2.5 * everyMs);
      const { regions } = await world.control.observations.loadAll();
      return regions.find((each) => each.region === region)?.failures.length;
    };
    world.troubleCatalogue('us-east-2', 'throttled');
    expect(await failuresIn('us-east-2')).toBeGreaterThan(0);
    expect(await failuresIn('us-west-2')).toBe(0);
    world.troubleCatalogue('us-east-2', 'none');
    expect(await failuresIn('us-east-2')).toBe(0);
  });
});
