import type { Arrival, ArrivalSource } from './arrival.ts';
import { ArrivalHeap } from './arrival-heap.ts';

/** All of several sources, in the order of time; at one time, in the order of the list. */
export function mergeSources(sources: readonly ArrivalSource[]): ArrivalSource {
  const chained = sources.some((source) => source.ended !== undefined);
  return chained ? mergeByLooking(sources) : mergeByHeap(sources);
}

function mergeByHeap(sources: readonly ArrivalSource[]): ArrivalSource {
  const heap = new ArrivalHeap<number>();
  const place = (index: number): void => {
    const dueMs = sources[index]?.nextMs() ?? Number.POSITIVE_INFINITY;
    if (dueMs !== Number.POSITIVE_INFINITY) heap.push(dueMs, index, index);
  };
  sources.forEach((_, index) => {
    place(index);
  });
  return {
    nextMs: () => heap.nextMs(),
    next: () => {
      const index = heap.pop();
      if (index === undefined) return undefined;
      const arrival = sources[index]?.next();
      place(index);
      return arrival;
    },
  };
}

/** Chains become due out of turn: those sources are looked at each time, and all others stand in one heap. */
function mergeByLooking(sources: readonly ArrivalSource[]): ArrivalSource {
  const looked = sources.filter((source) => source.ended !== undefined);
  const heaped = mergeByHeap(sources.filter((source) => source.ended === undefined));
  const all = [heaped, ...looked];
  const first = (): ArrivalSource =>
    all.reduce((best, source) => (source.nextMs() < best.nextMs() ? source : best), heaped);
  return {
    nextMs: () => first().nextMs(),
    next: (): Arrival | undefined => first().next(),
    ended: (chain, step, atMs) => {
      for (const source of looked) source.ended?.(chain, step, atMs);
    },
    abandoned: (chain) => {
      for (const source of looked) source.abandoned?.(chain);
    },
  };
}
