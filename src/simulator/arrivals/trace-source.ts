import { invariant } from '#core/units/invariant.ts';
import type { Random } from '#core/units/random.ts';
import type { Arrival, ArrivalSource } from './arrival.ts';
import { ArrivalHeap } from './arrival-heap.ts';
import type { TraceRow, TraceTable } from './trace-table.ts';

export interface TracePlay {
  /** Of requests whose trace names none, or whose name stands not in `regions`. */
  readonly region: string;
  readonly model: string;
  readonly tenant?: string;
  /** What the trace's own names are called here. @default - as in the trace */
  readonly regions?: Readonly<Record<string, string>>;
  readonly models?: Readonly<Record<string, string>>;
  /** Time that goes by in the trace while one unit goes by in the run: 2 plays it in half its time, at twice its rate. @default 1 */
  readonly speed?: number;
  /**
   * Requests for each one of the trace, at its own pace: below 1 some are left out by chance, above 1 some come again.
   * @default 1
   */
  readonly rate?: number;
  /**
   * Each request comes that much later at the most, by chance: the tick of a trace that knows no finer time, and what keeps
   * requests that come again from standing on each other. In milliseconds of the trace. @default 0
   */
  readonly spreadMs?: number;
}

/** Plays a trace from its first request on. */
export function createTraceSource(table: TraceTable, play: TracePlay, random: Random): ArrivalSource {
  const { speed = 1, rate = 1, spreadMs = 0 } = play;
  invariant(speed > 0 && rate >= 0 && spreadMs >= 0, 'speed is above 0, rate and spread are 0 or more');
  const order = table.order();
  const startMs = order.length === 0 ? 0 : table.atMs(order[0] ?? 0);
  const spread = new ArrivalHeap<TraceRow>();
  let taken = 0;
  /** Of the next request of the trace, in the run's time and without its own delay. */
  let frontMs = order.length === 0 ? Number.POSITIVE_INFINITY : 0;

  const takeOne = (): void => {
    const row = table.row(order[taken] ?? 0);
    const copies = Math.floor(rate) + (random.next() < rate % 1 ? 1 : 0);
    for (let copy = 0; copy < copies; copy += 1) {
      const delayMs = spreadMs === 0 ? 0 : spreadMs * random.next();
      spread.push((row.atMs - startMs + delayMs) / speed, row);
    }
    taken += 1;
    frontMs =
      taken < order.length ? (table.atMs(order[taken] ?? 0) - startMs) / speed : Number.POSITIVE_INFINITY;
  };
  // What is still to be read comes no earlier than the front: whatever lies before it is in its final order.
  const settle = (): void => {
    while (frontMs !== Number.POSITIVE_INFINITY && frontMs <= spread.nextMs()) takeOne();
  };
  return {
    nextMs: () => {
      settle();
      return spread.nextMs();
    },
    next: () => {
      settle();
      const atMs = spread.nextMs();
      const row = spread.pop();
      return row === undefined ? undefined : arrivalOf(row, play, atMs);
    },
  };
}

function arrivalOf(row: TraceRow, play: TracePlay, atMs: number): Arrival {
  return {
    atMs,
    region: named(row.region, play.regions, play.region),
    model: named(row.model, play.models, play.model),
    tenant: row.tenant ?? play.tenant,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    prefixBlocks: row.prefixBlocks,
  };
}

function named(
  own: string | undefined,
  names: Readonly<Record<string, string>> | undefined,
  otherwise: string,
): string {
  if (own === undefined) return otherwise;
  return names === undefined ? own : (names[own] ?? otherwise);
}
