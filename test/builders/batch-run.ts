/** Requests that come to one engine at given moments, and all that it says of them. */
import { BatchEngine, type BatchLoad } from '#serving-model/batch-engine.ts';
import { enterKv, idleKvState, iterateKv, type KvEngine } from '#serving-model/kv-engine.ts';

export interface BatchArrival {
  readonly id: number;
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  /** When its caller goes away, if it is still there. */
  readonly leavesMs?: number;
}

export interface BatchRun {
  /** `first 3`, `finished 3` or `preempted 3`, as they came. */
  readonly said: readonly string[];
  /** Of the same events. */
  readonly atMs: readonly number[];
  readonly left: ReadonlySet<number>;
  readonly loads: readonly BatchLoad[];
}

/** Until nothing is left to do. Arrivals must be sorted. */
export function runBatch(kvEngine: KvEngine, arrivals: readonly BatchArrival[]): BatchRun {
  const engine = new BatchEngine(kvEngine);
  const [said, at, loads, left]: [string[], number[], BatchLoad[], Set<number>] = [[], [], [], new Set()];
  const note = (what: string) => (id: number, atMs: number) => {
    said.push(`${what} ${id}`);
    at.push(atMs);
  };
  const events = { firstToken: note('first'), finished: note('finished'), preempted: note('preempted') };
  const moments = arrivals
    .flatMap((arrival) => [
      { atMs: arrival.atMs, arrival, isLeaving: false },
      ...(arrival.leavesMs === undefined ? [] : [{ atMs: arrival.leavesMs, arrival, isLeaving: true }]),
    ])
    .sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, arrival, isLeaving } of moments) {
    engine.advance(atMs, events);
    if (!isLeaving) engine.enter(atMs, arrival);
    else if (engine.leave(arrival.id, atMs)) left.add(arrival.id);
    loads.push(engine.load(atMs));
  }
  for (let nextMs = engine.nextAtMs(); nextMs < Number.POSITIVE_INFINITY; nextMs = engine.nextAtMs()) {
    engine.advance(nextMs, events);
    loads.push(engine.load(nextMs));
  }
  return { said, atMs: at, left, loads };
}

/** The same by the engine that walks through all iterations. */
export function runKvIterations(kvEngine: KvEngine, arrivals: readonly BatchArrival[]): BatchRun {
  const [said, at]: [string[], number[]] = [[], []];
  let [state, nowMs, next] = [idleKvState, 0, 0];
  while (next < arrivals.length || state.running.length + state.waiting.length > 0) {
    if (state.running.length + state.waiting.length === 0) nowMs = Math.max(nowMs, arrivals[next]?.atMs ?? 0);
    // What rounding takes from a sum of times must not keep somebody out who came in that instant.
    for (let due = arrivals[next]; due !== undefined && due.atMs <= nowMs + 1e-6; due = arrivals[next]) {
      state = enterKv(state, { ...due, id: String(due.id) });
      next += 1;
    }
    const step = iterateKv(kvEngine, state);
    const note = (what: string, ids: readonly string[], atMs: number) => {
      said.push(...ids.map((id) => `${what} ${id}`));
      at.push(...ids.map(() => atMs));
    };
    note('preempted', step.preempted, nowMs);
    nowMs += step.durationMs;
    note('first', step.begun, nowMs);
    note('finished', step.finished, nowMs);
    state = step.state;
  }
  return { said, atMs: at, left: new Set(), loads: [] };
}
