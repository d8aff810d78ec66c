import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { type OnDemandOptions, OnDemandPool } from '#simulator/serving/on-demand-pool.ts';
import { QuotaPool } from '#simulator/serving/quota-pool.ts';
import { type BackendCall, runBackend } from '#test/builders/backend-run.ts';

const wide = { requestsPerMinute: 1e9, tokensPerMinute: 1e12, outputBurndown: 1 };
const poolOf = (options: Partial<OnDemandOptions> = {}): OnDemandPool =>
  new OnDemandPool({
    quota: new QuotaPool(wide),
    firstTokenMs: { medianMs: 600, sigma: 0 },
    promptTokenMs: 0.1,
    tokenMs: { medianMs: 20, sigma: 0 },
    shortages: [],
    random: createSeededRandom(7),
    ...options,
  });
const call = (id: number, atMs: number): BackendCall => ({ id, atMs, inputTokens: 1_000, outputTokens: 101 });

describe('a pool on demand', () => {
  it('answers each call in its own time, whatever else it has', () => {
    const { said } = runBackend(poolOf(), [
      call(1, 0),
      call(2, 100),
      { ...call(3, 200), cachedTokens: 1_000 },
    ]);
    expect(said).toEqual([
      'first 1 at 700',
      'first 2 at 800',
      'first 3 at 800',
      'finished 1 at 2700',
      'finished 2 at 2800',
      'finished 3 at 2800',
    ]);
  });

  it('has lognormal times with the median and spread that it was given', () => {
    const pool = poolOf({ promptTokenMs: 0, firstTokenMs: { medianMs: 600, sigma: 0.83 } });
    const calls = Array.from({ length: 20_000 }, (_, id) => call(id, 0));
    const sorted = [...runBackend(pool, calls).firstMs.values()].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
    expect(Math.abs(at(0.5) / 600 - 1)).toBeLessThan(0.03);
    expect(Math.abs(at(0.95) / (600 * Math.exp(1.645 * 0.83)) - 1)).toBeLessThan(0.05);
  });

  it('throttles over its quota, and counts what was not used as unused when a call ends or is left', () => {
    const quota = new QuotaPool({ requestsPerMinute: 100, tokensPerMinute: 10_000, outputBurndown: 5 });
    const pool = poolOf({ quota });
    const greedy = { ...call(1, 0), outputTokensMax: 8_000 };
    const { refused } = runBackend(pool, [greedy, call(2, 100), call(3, 4_000)]);
    expect([...refused]).toEqual([[2, 'throttled']]);
    const left = new QuotaPool({ requestsPerMinute: 100, tokensPerMinute: 10_000, outputBurndown: 5 });
    const leaving = poolOf({ quota: left });
    leaving.enter(0, greedy);
    expect(left.tokens(0)).toBe(1_000);
    leaving.advance(710, {
      firstToken: () => undefined,
      finished: () => undefined,
      preempted: () => undefined,
    });
    expect([
      leaving.writtenTokens(1, 699),
      leaving.writtenTokens(1, 710),
      leaving.writtenTokens(1, 740),
    ]).toEqual([0, 1, 3]);
    expect(leaving.leave(1, 710)).toBe(true);
    expect(left.tokens(710)).toBeCloseTo(
      Math.min(10_000, 1_000 + (10_000 * 710) / 60_000 + 9_000 - 1_005),
      6,
    );
    expect([leaving.leave(1, 710), leaving.inFlight, leaving.nextAtMs()]).toEqual([
      false,
      0,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('shares one quota with what else draws from it', () => {
    const quota = new QuotaPool({ requestsPerMinute: 1, tokensPerMinute: 10_000, outputBurndown: 1 });
    const [one, other] = [poolOf({ quota }), poolOf({ quota })];
    expect([one.enter(0, call(1, 0)), other.enter(0, call(2, 0))]).toEqual([undefined, 'throttled']);
  });

  it('refuses such a share of the calls as a shortage says, and none before and after', () => {
    const pool = poolOf({ shortages: [{ fromMs: 1_000, untilMs: 5_000, refusedShare: 0.25 }] });
    const calls = Array.from({ length: 6_000 }, (_, id) => call(id, id));
    const { refused } = runBackend(pool, calls);
    expect(new Set(refused.values())).toEqual(new Set(['unavailable']));
    expect(Math.abs(refused.size / 4_000 - 0.25)).toBeLessThan(0.03);
    expect([...refused.keys()].every((id) => id >= 1_000 && id < 5_000)).toBe(true);
    const dark = poolOf({ shortages: [{ fromMs: 0, untilMs: 10, refusedShare: 1 }] });
    expect(dark.enter(9, call(1, 9))).toBe('unavailable');
  });

  it('says the same by the same seed', () => {
    const run = () =>
      runBackend(
        poolOf({ firstTokenMs: { medianMs: 600, sigma: 0.8 }, tokenMs: { medianMs: 16, sigma: 0.3 } }),
        Array.from({ length: 50 }, (_, id) => ({
          ...call(id, id * 40),
          leavesMs: id % 3 === 0 ? id * 40 + 900 : 1e6,
        })),
      ).said;
    expect(run()).toEqual(run());
  });
});
