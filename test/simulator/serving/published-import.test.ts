/** The published benchmark of an imported model: so many callers, each of whom sends its next call when it has its answer. */
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import parameters from '#data/engine-parameters.json' with { type: 'json' };
import { normalSampler } from '#simulator/arrivals/samplers.ts';
import { ColdPool } from '#simulator/serving/cold-pool.ts';
import { kvEngineOf } from '#simulator/serving/engine-parameters.ts';

const { imported, callSpread } = parameters;
const RUN_MS = 600_000;

function runCallers(concurrency: number, copiesMax: number) {
  const coldStartMs = imported.coldStartSeconds.value * 1_000;
  const pool = new ColdPool({
    engine: kvEngineOf(parameters, 'apexguru-cmi-copy'),
    copiesMax,
    coldStartMs,
    idleToColdMs: imported.idleToColdSeconds.value * 1_000,
    windowMs: imported.windowSeconds.value * 1_000,
    growAt: {
      requestsPerCopy: imported.growRequestsPerCopy.value,
      forMs: imported.growAfterSeconds.value * 1_000,
    },
  });
  const normal = normalSampler(createSeededRandom(5));
  const sentMs: number[] = [];
  const tookMs: number[] = [];
  const answered: number[] = [];
  const events = {
    firstToken: () => undefined,
    preempted: () => undefined,
    finished: (id: number, atMs: number) => {
      tookMs.push(atMs - (sentMs[id] ?? 0));
      answered.push(atMs);
    },
  };
  const send = (atMs: number) => {
    const id = sentMs.push(atMs) - 1;
    const outputTokens = Math.max(1, Math.round(256 * Math.exp(callSpread.sigma.value * normal())));
    expect(pool.enter(atMs, { id, inputTokens: 1_500, outputTokens })).toBeUndefined();
  };
  const goOn = (untilMs: number) => {
    for (let nextMs = pool.nextAtMs(); nextMs <= untilMs; nextMs = pool.nextAtMs()) {
      pool.advance(nextMs, events);
      for (const atMs of answered.splice(0)) send(atMs);
    }
  };
  pool.wake(0);
  for (let caller = 0; caller < concurrency; caller += 1) {
    const atMs = coldStartMs + (caller * 5_450) / concurrency;
    goOn(atMs);
    send(atMs);
  }
  goOn(coldStartMs + RUN_MS);
  tookMs.sort((left, right) => left - right);
  const p95Seconds = (tookMs[Math.floor(tookMs.length * 0.95)] ?? 0) / 1_000;
  return { perMinute: (tookMs.length * 60_000) / RUN_MS, p95Seconds, copies: pool.copies.current };
}

describe('an imported model under the callers of its published benchmark', () => {
  it.each([
    [1, 11, 7.2],
    [4, 41, 7.96],
    [16, 133, 9.35],
  ])(
    'with %i of them has one copy, %f calls a minute and a P95 of %f s, within 10 %',
    (callers, perMinute, p95) => {
      const seen = runCallers(callers, imported.copiesMax.value);
      expect(seen.copies).toBe(1);
      expect(Math.abs(seen.perMinute / perMinute - 1)).toBeLessThan(0.1);
      expect(Math.abs(seen.p95Seconds / p95 - 1)).toBeLessThan(0.1);
    },
  );

  it('with 32 of them grows to three copies and the published P95; its calls a minute lie between those of one and of three', () => {
    const seen = runCallers(32, imported.copiesMax.value);
    expect(seen.copies).toBe(3);
    expect(Math.abs(seen.p95Seconds / 10.44 - 1)).toBeLessThan(0.1);
    // How long the benchmark ran is not stated: the longer, the nearer to three copies.
    expect(runCallers(32, 1).perMinute).toBeLessThan(232);
    expect(seen.perMinute).toBeGreaterThan(232);
  });
});
