import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ControlLoop, type ControlLoopOptions, startControlLoop } from '#local-mode/control-loop.ts';

const places = Array.from({ length: 10 }, (_, index) => ({
  account: '111111111111',
  region: `xx-test-${index + 1}`,
}));
let loop: ControlLoop | undefined;
afterEach(() => loop?.stop());

function start(overrides: Partial<ControlLoopOptions>): ControlLoop {
  loop = startControlLoop({
    places,
    discover: async () => false,
    plan: async () => undefined,
    verify: async () => undefined,
    everyMs: 60_000,
    concurrencyMax: 3,
    onProgress: () => undefined,
    onRound: () => undefined,
    onError: () => undefined,
    ...overrides,
  });
  return loop;
}

describe('the control loop', () => {
  it('runs discovery once for every place in a round, then plans, then verifies', async () => {
    const calls: string[] = [];
    await start({
      discover: async ({ region }) => {
        calls.push(region);
        return false;
      },
      plan: async () => void calls.push('plan'),
      verify: async () => void calls.push('verify'),
    }).firstRound;
    expect([...calls.slice(0, 10)].sort()).toEqual(places.map(({ region }) => region).sort());
    expect(calls.slice(10)).toEqual(['plan', 'verify']);
  });

  it('keeps at most the allowed number of runs under way', async () => {
    let underWay = 0;
    let highest = 0;
    await start({
      discover: async () => {
        underWay += 1;
        highest = Math.max(highest, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return false;
      },
    }).firstRound;
    expect(highest).toBe(3);
  });

  it('ends the first round at once when nothing could be stored, and names each failure', async () => {
    const failures: string[] = [];
    const fail = async (): Promise<never> => {
      throw new Error('dark');
    };
    const plan = vi.fn(fail);
    const end = await start({ discover: fail, plan, onError: (part) => void failures.push(part) }).firstRound;
    expect(end).toEqual({ total: 10, failed: 10 });
    expect(failures.every((part) => part.startsWith('discover'))).toBe(true);
    expect(plan).not.toHaveBeenCalled();
  });

  it('ends the first round when plan and verify fail, and names both', async () => {
    const failures: string[] = [];
    const fail = async (): Promise<never> => {
      throw new Error('dark');
    };
    await start({ plan: fail, verify: fail, onError: (part) => void failures.push(part) }).firstRound;
    expect(failures).toEqual(['plan', 'verify']);
  });

  it('plans during a long round once something changed, but not before the first round is whole', async () => {
    let rounds = 0;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const plans: number[] = [];
    const { firstRound } = start({
      everyMs: 1,
      discover: async ({ region }) => {
        if (region === 'xx-test-1') rounds += 1;
        if (region === 'xx-test-2' && rounds === 2) await gate;
        return true;
      },
      plan: async () => void plans.push(rounds),
    });
    await firstRound;
    expect(plans).toEqual([1]);
    await vi.waitFor(() => expect(plans).toEqual([1, 2]), { timeout: 5_000 });
    release();
  });

  it('runs rounds again and stops when told', async () => {
    let runs = 0;
    const running = start({
      places: places.slice(0, 1),
      everyMs: 1,
      discover: async () => {
        runs += 1;
        return false;
      },
    });
    await vi.waitFor(() => expect(runs).toBeGreaterThan(2), { timeout: 5_000 });
    await running.stop();
    const after = runs;
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toBe(after);
  });
});
