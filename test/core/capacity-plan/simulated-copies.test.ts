/** The formulas of a plan against an engine that is simulated iteration by iteration. */
import { describe, expect, it } from 'vitest';
import { limitsOfCopy } from '#core/capacity-plan/copy-limits.ts';
import { type EngineSpeed, paceOf } from '#core/capacity-plan/engine-speed.ts';
import { lossOfCopies } from '#core/capacity-plan/spill-share.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { enterKv, idleKvState, iterateKv, type KvEngine } from '#serving-model/kv-engine.ts';

const engine: KvEngine = {
  blocks: 100_000,
  sequencesMax: 256,
  batchTokensMax: 2_048,
  promptChunkMax: 2_048,
  prefillTokensPerSecond: 10_000,
  iterationMs: 20,
  batchKnee: 40,
};
/** The same engine as somebody would measure it. */
const speed: EngineSpeed = {
  promptMs: [[10_000, 1_000]],
  tokenMs: [
    [1, 20],
    [41, 40],
  ],
  measured: 'apart',
};
const call = { inputTokens: 1_000, outputTokens: 120 };
const SLOTS = 24;

interface Seen {
  readonly blockedShare: number;
  readonly running: number;
  readonly callMs: number;
  /** Sorted. */
  readonly firstTokenMs: readonly number[];
  readonly tokenMs: readonly number[];
}

/** Calls come by chance, take a slot where one is free, and go elsewhere where none is. Lengths vary around the mean. */
function simulate(perSecond: number, calls: number): Seen {
  const random = createSeededRandom(`${perSecond}`);
  const arrivals: {
    readonly id: string;
    readonly at: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[] = [];
  for (let at = 0; arrivals.length < calls; ) {
    at += (-Math.log(1 - random.next()) * 1_000) / perSecond;
    const inputTokens = Math.round(call.inputTokens * (0.5 + random.next()));
    const outputTokens = Math.round(call.outputTokens * (0.5 + random.next()));
    arrivals.push({ id: `${arrivals.length}`, at, inputTokens, outputTokens });
  }
  const byId = new Map(arrivals.map((arrival) => [arrival.id, arrival]));
  const begun = new Map<string, number>();
  const firstTokenMs: number[] = [];
  const tokenMs: number[] = [];
  let [state, now, blocked, busyMs, callMs] = [idleKvState, 0, 0, 0, 0];
  let next = 0;
  while (next < arrivals.length || state.running.length + state.waiting.length > 0) {
    if (state.running.length + state.waiting.length === 0) now = Math.max(now, arrivals[next]?.at ?? now);
    for (let arrival = arrivals[next]; arrival !== undefined && arrival.at <= now; arrival = arrivals[next]) {
      next += 1;
      if (state.running.length + state.waiting.length < SLOTS) state = enterKv(state, arrival);
      else blocked += 1;
    }
    const under = state.running.length + state.waiting.length;
    const step = iterateKv(engine, state);
    now += step.durationMs;
    busyMs += under * step.durationMs;
    for (const id of step.begun) {
      begun.set(id, now);
      firstTokenMs.push(now - (byId.get(id)?.at ?? now));
    }
    for (const id of step.finished) {
      const arrival = byId.get(id);
      tokenMs.push((now - (begun.get(id) ?? now)) / ((arrival?.outputTokens ?? 2) - 1));
      callMs += now - (arrival?.at ?? now);
    }
    state = step.state;
  }
  const sort = (values: number[]) => values.sort((left, right) => left - right);
  return {
    blockedShare: blocked / calls,
    running: busyMs / now,
    callMs: callMs / tokenMs.length,
    firstTokenMs: sort(firstTokenMs),
    tokenMs: sort(tokenMs),
  };
}

const p95 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.95)] ?? 0;
const planned = (arrivalsPerSecond: number) =>
  lossOfCopies({
    arrivalsPerSecond,
    copies: 1,
    requestsPerCopy: SLOTS,
    callSeconds: (running) => paceOf(speed, { ...call, running }).callMs / 1_000,
  });

describe('a copy that is simulated', () => {
  // From nearly idle to half as much again as it can answer.
  it.each([1, 2.5, 4, 6])('blocks what the formula says at %f calls a second', (perSecond) => {
    const seen = simulate(perSecond, 3_000);
    const loss = planned(perSecond);
    expect(Math.abs(seen.blockedShare - loss.blockedShare)).toBeLessThan(0.02);
    expect(Math.abs(seen.running / loss.running - 1)).toBeLessThan(0.05);
  });

  it('keeps what the plan promises of a full one, even when it is full nearly all the time', () => {
    const seen = simulate(9, 3_000);
    expect(seen.blockedShare).toBeGreaterThan(0.4);
    const sample = Array.from({ length: 100 }, (_, index) => ({
      inputTokens: call.inputTokens * (0.505 + index / 100),
      outputTokens: call.outputTokens,
    }));
    const bins = [{ seconds: 100, requests: 100, inputTokens: 100_000, outputTokens: 12_000 }];
    const limits = limitsOfCopy({
      traffic: { bins, sample },
      speed: {
        ...speed,
        tokenMs: [
          [1, 20],
          [SLOTS, 20 * (1 + (SLOTS - 1) / 40)],
        ],
      },
      pool: { tokens: 1_600_000, fixedTokens: 0 },
      level: { firstTokenMs: 10_000, tokenMs: 1_000 },
    });
    expect(limits.requests).toBe(SLOTS);
    expect(p95(seen.tokenMs) / limits.tokenMs).toBeLessThan(1.1);
    const first = p95(seen.firstTokenMs) / limits.firstTokenMs;
    expect([first > 0.7, first < 1.1]).toEqual([true, true]);
  });
});
