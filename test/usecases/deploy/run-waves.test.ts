import { describe, expect, it } from 'vitest';
import type { Wave } from '#core/deploy-waves/wave-plan.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { runWaves, type WaveEvent } from '#usecases/deploy/run-waves.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const wave = (name: string, stacks: readonly string[]): Wave => ({
  name,
  stacks,
  places: [place],
  bakeSeconds: 300,
});
const waves = [wave('state', ['State']), wave('first', ['A', 'B']), wave('others', ['C'])];
const MINUTE_MS = 60_000;

interface World {
  /** What goes off, told when it is looked at: after so many deployments, at this time. */
  readonly goingOff?: (deployed: number, atMs: number) => readonly string[];
  readonly failing?: string;
  /** Tables under keys of DynamoDB's own; undefined where nobody asks. */
  readonly owned?: () => readonly string[];
  /** After so many deployments, and so long: the run is interrupted. */
  readonly interruptedAt?: { readonly deployed: number; readonly ms: number };
}

async function run({ goingOff = () => [], failing, owned, interruptedAt }: World = {}) {
  const controller = new AbortController();
  const clock = createVirtualClock(0);
  const startMs = clock.monotonicMs();
  const deployments: (readonly string[])[] = [];
  const events: WaveEvent[] = [];
  let looks = 0;
  const outcome = await runWaves(
    {
      clock,
      deployer: {
        deploy: async (stacks) => {
          deployments.push(stacks);
          if (interruptedAt?.deployed === deployments.length)
            clock.after(interruptedAt.ms, () => controller.abort(new Error('Ctrl-C')));
          await clock.sleep(1);
          return failing !== undefined && stacks.includes(failing) ? `${failing} rolled back` : undefined;
        },
      },
      alarms: {
        goingOff: async () => {
          looks += 1;
          return goingOff(deployments.length, clock.monotonicMs() - startMs);
        },
      },
      interrupted: controller.signal,
      ...(owned === undefined ? {} : { tableKeys: { underKeysOfDynamodb: async () => owned() } }),
      tell: (event) => void events.push(event),
    },
    waves,
  );
  return { outcome, deployments, events, looks, tookMs: clock.monotonicMs() - startMs };
}

describe('runWaves', () => {
  it('deploys wave by wave, and looks at alarms before each and every minute while it bakes', async () => {
    const { outcome, deployments, events, looks, tookMs } = await run();
    expect(outcome).toEqual({ kind: 'complete' });
    expect(deployments).toEqual([['State'], ['A', 'B'], ['C']]);
    expect(events.map(({ kind, wave: { name } }) => `${kind} ${name}`)).toEqual(
      ['state', 'first', 'others'].flatMap((name) =>
        ['deploying', 'baking', 'done'].map((kind) => `${kind} ${name}`),
      ),
    );
    expect(looks).toBeGreaterThanOrEqual(3 * 7);
    expect(tookMs).toBeGreaterThanOrEqual(15 * MINUTE_MS);
  });

  it('stops where a stack fails, and deploys nothing behind it', async () => {
    const { outcome, deployments } = await run({ failing: 'B' });
    expect(outcome).toEqual({
      kind: 'stopped',
      wave: 'first',
      at: 'deploy',
      why: 'B rolled back',
      deployed: ['state'],
    });
    expect(deployments).toHaveLength(2);
  });

  it('stops at an alarm that goes off while a wave bakes, also minutes after it was deployed', async () => {
    const { outcome, deployments } = await run({
      goingOff: (deployed, atMs) => (deployed === 2 && atMs > 8 * MINUTE_MS ? ['acme-plan-errors'] : []),
    });
    expect(outcome).toMatchObject({
      kind: 'stopped',
      wave: 'first',
      at: 'alarm',
      why: 'acme-plan-errors (111111111111 us-east-1)',
      deployed: ['state', 'first'],
    });
    expect(deployments).toHaveLength(2);
  });

  it('takes a new function’s silence for a fault only where it lasts until the wave has baked', async () => {
    const silent = (untilMs: number): World => ({
      goingOff: (deployed, atMs) => (deployed === 1 && atMs < untilMs ? ['acme-plan-silent'] : []),
    });
    expect((await run(silent(4 * MINUTE_MS))).outcome).toEqual({ kind: 'complete' });
    expect((await run(silent(6 * MINUTE_MS))).outcome).toMatchObject({
      wave: 'state',
      at: 'alarm',
      why: 'acme-plan-silent (111111111111 us-east-1)',
    });
  });

  it('goes on past an alarm that went off before, and says so: the deployment may be what mends it', async () => {
    const { outcome, events } = await run({ goingOff: () => ['acme-discover-failed-calls'] });
    expect(outcome).toEqual({ kind: 'complete' });
    expect(events[0]).toMatchObject({
      kind: 'already-going-off',
      alarms: ['acme-discover-failed-calls (111111111111 us-east-1)'],
    });
  });

  it('stops where alarms can no longer be read, while it bakes too', async () => {
    const { outcome, deployments } = await run({
      goingOff: (deployed) => {
        if (deployed === 1) throw new Error('AccessDenied');
        return [];
      },
    });
    expect(outcome).toMatchObject({ kind: 'stopped', wave: 'state', at: 'unreadable', why: 'AccessDenied' });
    expect(deployments).toHaveLength(1);
  });

  it('stops before state where tables would turn to keys that nobody may use yet, and deploys nothing of it', async () => {
    const { outcome, deployments } = await run({ owned: () => ['acme-routes', 'acme-tenants'] });
    expect(outcome).toEqual({
      kind: 'stopped',
      wave: 'state',
      at: 'readers',
      why: 'acme-routes, acme-tenants would turn to a key that nobody may use yet',
      deployed: [],
    });
    expect(deployments).toEqual([]);
    expect((await run({ owned: () => [] })).outcome).toEqual({ kind: 'complete' });
  });

  it('stops before state where nobody can tell under which keys tables stand', async () => {
    const { outcome } = await run({
      owned: () => {
        throw new Error('AccessDenied');
      },
    });
    expect(outcome).toMatchObject({ wave: 'state', at: 'unreadable', why: 'AccessDenied', deployed: [] });
  });

  it('ends where it is interrupted, while stacks change and while they bake, and says which wave to begin with again', async () => {
    const changing = await run({ interruptedAt: { deployed: 2, ms: 0 } });
    expect(changing.outcome).toMatchObject({ wave: 'first', at: 'interrupted', deployed: ['state'] });
    expect(changing.deployments).toHaveLength(2);
    const baking = await run({ interruptedAt: { deployed: 2, ms: 90_000 } });
    expect(baking.outcome).toMatchObject({ wave: 'first', at: 'interrupted', deployed: ['state', 'first'] });
    expect(baking.deployments).toHaveLength(2);
  });
});
