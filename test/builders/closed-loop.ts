/** Callers of whom each sends its next call when the last one is answered, against one engine. */
import { BatchEngine } from '#serving-model/batch-engine.ts';
import type { KvEngine } from '#serving-model/kv-engine.ts';

export interface ClosedLoop {
  readonly p50Ms: number;
  readonly meanMs: number;
  readonly outputTokensPerSecond: number;
}

/** Callers begin one after the other, so that their calls do not march in step; the first calls of each are not counted. */
export function runClosedLoop(
  kvEngine: KvEngine,
  load: {
    readonly concurrency: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly rounds: number;
  },
): ClosedLoop {
  const { concurrency, inputTokens, outputTokens, rounds } = load;
  const engine = new BatchEngine(kvEngine);
  const enteredMs: number[] = [];
  const times: { readonly endMs: number; readonly tookMs: number }[] = [];
  const again: { readonly id: number; readonly atMs: number }[] = [];
  const events = {
    firstToken: () => undefined,
    preempted: () => undefined,
    finished: (id: number, atMs: number) => {
      times.push({ endMs: atMs, tookMs: atMs - (enteredMs[id] ?? 0) });
      again.push({ id: id + concurrency, atMs });
    },
  };
  const enter = (id: number, atMs: number) => {
    enteredMs[id] = atMs;
    engine.enter(atMs, { id, inputTokens, outputTokens });
  };
  for (let caller = 0; caller < concurrency; caller += 1) {
    const atMs = (caller * outputTokens * kvEngine.iterationMs) / concurrency;
    engine.advance(atMs, events);
    enter(caller, atMs);
  }
  while (times.length < concurrency * rounds) {
    engine.advance(engine.nextAtMs(), events);
    for (const { id, atMs } of again.splice(0)) enter(id, atMs);
  }
  const counted = times.slice(concurrency * 2);
  const sorted = counted.map(({ tookMs }) => tookMs).sort((left, right) => left - right);
  const spanMs = (counted.at(-1)?.endMs ?? 0) - (times[concurrency * 2 - 1]?.endMs ?? 0);
  return {
    p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
    meanMs: sorted.reduce((sum, tookMs) => sum + tookMs, 0) / sorted.length,
    outputTokensPerSecond: (counted.length * outputTokens * 1_000) / spanMs,
  };
}
