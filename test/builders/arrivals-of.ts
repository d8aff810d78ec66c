import type { Arrival, ArrivalSource } from '#simulator/arrivals/arrival.ts';

/** All that a source gives, each step of a chain ended at once or after what `answerMs` says. */
export function arrivalsOf(
  source: ArrivalSource,
  answerMs?: (arrival: Arrival) => number,
): readonly Arrival[] {
  const arrivals: Arrival[] = [];
  const ends: { atMs: number; arrival: Arrival }[] = [];
  for (;;) {
    const end = ends[0];
    if (end !== undefined && end.atMs <= source.nextMs()) {
      ends.shift();
      source.ended?.(end.arrival.chain ?? '', end.arrival.step ?? 0, end.atMs);
      continue;
    }
    const arrival = source.next();
    if (arrival === undefined) return arrivals;
    arrivals.push(arrival);
    if (answerMs === undefined) continue;
    ends.push({ atMs: arrival.atMs + answerMs(arrival), arrival });
    ends.sort((left, right) => left.atMs - right.atMs);
  }
}
