import { describe, expect, it } from 'vitest';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { burstOf } from '#core/limits/rate-bucket.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createVirtualClock, type VirtualClock } from '#test/builders/virtual-clock.ts';
import { HELD_MS_MAX } from '#usecases/gateway/bucket-meter.ts';
import { TenantMeter } from '#usecases/gateway/tenant-meter.ts';
import { createWriteBehind } from '#usecases/gateway/write-behind.ts';
import type { RateLedger } from '#usecases/ports/rate-ledger.ts';

const start = Date.UTC(2026, 10, 21, 8);
const down = async (): Promise<never> => {
  throw houseError('upstream_unavailable', { message: 'it is gone' });
};

function aMeter(ledger: RateLedger, clock: VirtualClock, perMinute = 60) {
  const lines: string[] = [];
  const events: string[] = [];
  const meter = new TenantMeter({
    tenant: 'demo',
    ledger,
    clock,
    behind: createWriteBehind(clock),
    log: { write: (level, event) => void lines.push(`${level} ${event}`) },
    metrics: { count: (event) => void events.push(event) },
  });
  const bucket = meter.meterOf({ bucket: 'requests', unit: 'requests', rate: { perMinute } });
  return { meter, bucket, lines, events, reserve: (units = 1) => meter.reserve([{ meter: bucket, units }]) };
}

/** Lets everything run that waits for nothing but its turn. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A ledger that counts its calls, answers when it is told to, or fails. */
function aSwitch() {
  const ledger = createMemoryRateLedger();
  const state = { takes: 0, mode: 'well' as 'well' | 'down' | 'hangs' };
  const held: (() => void)[] = [];
  const take: RateLedger['take'] = async (demand) => {
    state.takes += 1;
    if (state.mode === 'down') return down();
    const answer = await ledger.take(demand);
    if (state.mode === 'hangs') await new Promise<void>((resolve) => held.push(resolve));
    return answer;
  };
  const answerLate = () => held.splice(0).forEach((resolve) => void resolve());
  return { ledger: { ...ledger, take }, state, answerLate };
}

describe('a busy process', () => {
  it('shares one call among all that wait, and needs none for what it took ahead', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { ledger, state } = aSwitch();
    const { reserve } = aMeter(ledger, clock, 6000);
    const wave = async () => {
      const all = await Promise.all(Array.from({ length: 40 }, () => reserve()));
      expect(all.every(({ kind }) => kind === 'granted')).toBe(true);
    };
    await wave();
    expect(state.takes).toBe(2);
    for (let second = 1; second <= 10; second += 1) {
      clock.advance(1000);
      await wave();
    }
    expect(state.takes).toBeLessThanOrEqual(2 + 10 * 2);
  });

  it('refuses those that do not fit, each with the time that it takes', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { reserve } = aMeter(createMemoryRateLedger(), clock);
    const all = await Promise.all(Array.from({ length: 14 }, () => reserve()));
    expect(all.filter(({ kind }) => kind === 'granted')).toHaveLength(10);
    for (const each of all.slice(10)) expect(each).toMatchObject({ kind: 'refused', retryAfterMs: 1000 });
  });

  it('asks nobody again for what was refused a moment ago', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { ledger, state } = aSwitch();
    const { reserve } = aMeter(ledger, clock);
    await reserve(10);
    await reserve();
    const { takes } = state;
    for (let count = 0; count < 50; count += 1) await reserve();
    expect(state.takes).toBe(takes);
    clock.advance(1000);
    expect((await reserve()).kind).toBe('granted');
  });
});

describe('without its ledger a process', () => {
  it('lives on its share of the share, says so once, and returns when the ledger does', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { ledger, state } = aSwitch();
    const first = aMeter(ledger, clock);
    const second = aMeter(ledger, clock);
    await first.reserve();
    await second.reserve();
    await first.reserve(2);
    state.mode = 'down';
    clock.advance(60_000);
    let granted = 0;
    for (let count = 0; count < 20; count += 1) granted += (await first.reserve()).kind === 'granted' ? 1 : 0;
    // Two processes: half of the 10 that the region may have at once.
    expect(granted).toBe(5);
    expect(await first.reserve()).toMatchObject({ kind: 'refused', retryAfterMs: 2000 });
    expect([first.lines, first.events]).toEqual([['warn rate-limits-degraded'], ['limits-degraded']]);
    state.mode = 'well';
    clock.advance(1000);
    await first.reserve();
    await settled();
    expect((await first.reserve()).kind).toBe('granted');
    expect(first.lines).toEqual(['warn rate-limits-degraded', 'info rate-limits-restored']);
  });

  it('has one request at once and a sixteenth of the rate when it never knew of others', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { reserve } = aMeter({ take: down, giveBack: down }, clock);
    expect(await reserve()).toEqual({ kind: 'granted', safely: true });
    expect(await reserve()).toMatchObject({ kind: 'refused', retryAfterMs: 16_000 });
  });

  it('waits for a hanging ledger once, and spends what was taken when it answers late', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { ledger, state, answerLate } = aSwitch();
    const { reserve, bucket } = aMeter(ledger, clock);
    await reserve();
    clock.advance(60_000);
    state.mode = 'hangs';
    const waiting = reserve();
    await settled();
    clock.advance(99);
    await settled();
    clock.advance(1);
    expect(await waiting).toEqual({ kind: 'granted', safely: true });
    expect(await reserve()).toEqual({ kind: 'granted', safely: true });
    answerLate();
    await settled();
    expect(bucket.spendable(clock.now())).toBe(1);
    expect(await reserve()).toEqual({ kind: 'granted', safely: false });
  });

  it('does not double what it has when the ledger comes and goes', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { ledger, state } = aSwitch();
    const { reserve } = aMeter(ledger, clock);
    await reserve();
    clock.advance(60_000);
    let granted = 0;
    for (let step = 0; step < 600; step += 1) {
      state.mode = Math.floor(step / 30) % 2 === 0 ? 'well' : 'down';
      if ((await reserve()).kind === 'granted') granted += 1;
      await settled();
      clock.advance(100);
    }
    // A burst and a minute's worth, as if it had never been away: each side is charged for what the other granted.
    expect(granted).toBeLessThanOrEqual(60 + 10);
    expect(granted).toBeGreaterThan(60);
  });
});

describe('what was not used', () => {
  it('goes back at once when nothing else is under way, else with what others leave', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const returns: number[] = [];
    const memory = createMemoryRateLedger();
    const ledger: RateLedger = {
      ...memory,
      giveBack: async (tenant, given) => {
        returns.push(...given.map(({ units }) => units));
        await memory.giveBack(tenant, given);
      },
    };
    const { meter, bucket, reserve } = aMeter(ledger, clock, 600);
    await reserve(40);
    await reserve(20);
    meter.settle([{ meter: bucket, units: 15 }], false);
    expect(returns).toEqual([]);
    clock.advance(200);
    expect(returns).toEqual([15]);
    meter.settle([{ meter: bucket, units: 5 }], false);
    expect(returns).toEqual([15, 5]);
    clock.advance(1000);
    expect(returns).toEqual([15, 5]);
  });

  it('serves the next request of the process without a call', async () => {
    const clock = createVirtualClock(start, { leap: false });
    const { ledger, state } = aSwitch();
    const { meter, bucket, reserve } = aMeter(ledger, clock, 600);
    await reserve(40);
    await reserve(40);
    meter.settle([{ meter: bucket, units: 30 }], false);
    const { takes } = state;
    expect(await reserve(25)).toEqual({ kind: 'granted', safely: false });
    expect(state.takes).toBe(takes);
  });
});

it('never exceeds burst, rate and two seconds of it in any window, whatever the interleaving', async () => {
  const random = createSeededRandom(20_261_121);
  for (let round = 0; round < 25; round += 1) {
    const perMinute = 60 + Math.floor(random.next() * 3000);
    const clock = createVirtualClock(start, { leap: false });
    const memory = createMemoryRateLedger();
    const slow = async <Value>(work: () => Promise<Value>): Promise<Value> => {
      if (random.next() < 0.5) await clock.sleep(Math.floor(random.next() * 15));
      const done = await work();
      if (random.next() < 0.5) await clock.sleep(Math.floor(random.next() * 15));
      return done;
    };
    const ledger: RateLedger = {
      take: (demand) => slow(() => memory.take(demand)),
      giveBack: (tenant, given) => slow(() => memory.giveBack(tenant, given)),
    };
    const processes = Array.from({ length: 4 }, () => aMeter(ledger, clock, perMinute));
    const grants: number[] = [];
    const passTime = async (milliseconds: number) => {
      clock.advance(milliseconds);
      await settled();
    };
    for (let step = 0; step < 400; step += 1) {
      // Now and then nobody asks for a while, with something in hand, and then all ask at once.
      const isQuiet = random.next() < 0.03;
      for (let count = 0; isQuiet && count < 60; count += 1) await passTime(10);
      if (isQuiet) await passTime(Math.floor(random.next() * 12_000));
      const busy = isQuiet ? 60 : Math.floor(random.next() * 8);
      for (let count = 0; count < busy; count += 1) {
        const process = processes[Math.floor(random.next() * processes.length)];
        void process?.reserve().then(({ kind }) => {
          if (kind === 'granted') grants.push(clock.now());
        });
      }
      await settled();
      await passTime(Math.floor(random.next() * 20));
    }
    expect(processes.flatMap(({ lines }) => lines)).toEqual([]);
    grants.sort();
    const burst = burstOf({ perMinute });
    let most = Number.NEGATIVE_INFINITY;
    grants.forEach((from, first) => {
      for (let last = first; last < grants.length; last += 1) {
        const windowMs = (grants[last] ?? from) - from + HELD_MS_MAX;
        most = Math.max(most, last - first + 1 - burst - (windowMs * perMinute) / 60_000);
      }
    });
    expect(grants.length).toBeGreaterThan(burst);
    expect(most).toBeLessThanOrEqual(1e-6);
  }
});
