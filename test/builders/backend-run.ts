/** Calls to one backend at given moments, and all that it says of them. */
import type { BackendRequest, Refusal, ServingBackend } from '#simulator/serving/serving-backend.ts';

export interface BackendCall extends BackendRequest {
  readonly atMs: number;
  readonly leavesMs?: number;
}

export interface BackendRun {
  /** `first 3 at 1200`, `finished 3 at 1300` or `preempted 3 at 1250`, in whole milliseconds. */
  readonly said: readonly string[];
  readonly refused: ReadonlyMap<number, Refusal>;
  readonly left: ReadonlySet<number>;
  /** By id. */
  readonly firstMs: ReadonlyMap<number, number>;
  readonly finishedMs: ReadonlyMap<number, number>;
}

/** @param untilMs how long time goes on. @default - until all calls are over */
export function runBackend(
  backend: ServingBackend,
  calls: readonly BackendCall[],
  untilMs?: number,
): BackendRun {
  const said: string[] = [];
  const refused = new Map<number, Refusal>();
  const [left, firstMs, finishedMs] = [
    new Set<number>(),
    new Map<number, number>(),
    new Map<number, number>(),
  ];
  const note = (what: string, times?: Map<number, number>) => (id: number, atMs: number) => {
    said.push(`${what} ${id} at ${Math.round(atMs)}`);
    times?.set(id, atMs);
  };
  const events = {
    firstToken: note('first', firstMs),
    finished: note('finished', finishedMs),
    preempted: note('preempted'),
  };
  const moments = calls
    .flatMap((call) => [
      { atMs: call.atMs, call, isLeaving: false },
      ...(call.leavesMs === undefined ? [] : [{ atMs: call.leavesMs, call, isLeaving: true }]),
    ])
    .sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, call, isLeaving } of moments) {
    backend.advance(atMs, events);
    if (isLeaving) {
      if (backend.leave(call.id, atMs)) left.add(call.id);
      continue;
    }
    const refusal = backend.enter(atMs, call);
    if (refusal !== undefined) refused.set(call.id, refusal);
  }
  if (untilMs !== undefined) backend.advance(untilMs, events);
  else while (backend.inFlight > 0) backend.advance(backend.nextAtMs(), events);
  return { said, refused, left, firstMs, finishedMs };
}
