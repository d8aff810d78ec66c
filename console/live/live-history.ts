/** What the page keeps of the events: rings of a fixed length, however many came. */
import type { LiveEvent, SlowRequest } from '#contract/live.ts';

/** Five minutes of one event a second. */
export const SECONDS_KEPT = 300;
export const MODELS_MAX = 6;
export const SLOW_KEPT = 50;
/** A silence longer than this breaks the lines, so that nobody reads one across what was not seen. */
const GAP_MS = 3_000;

export type Points = readonly (number | null)[];

export const columns = [
  'dedicated',
  'serverless',
  'baseline',
  'none',
  'spilled',
  'failovers',
  'interactive',
  'standard',
  'bulk',
  'costUsdPerHour',
] as const;

export type Column = (typeof columns)[number];

export interface ModelLine {
  readonly model: string;
  readonly p95: Points;
}

export class LiveHistory {
  /** Seconds since 1970, as charts want them. */
  readonly times: number[] = [];
  readonly #columns: Readonly<Record<Column, (number | null)[]>>;
  readonly #models = new Map<string, (number | null)[]>();
  #slow: readonly SlowRequest[] = [];
  #last: LiveEvent | undefined;

  constructor() {
    this.#columns = Object.fromEntries(columns.map((name) => [name, []])) as never;
  }

  get last(): LiveEvent | undefined {
    return this.#last;
  }

  /** Newest first. */
  get slow(): readonly SlowRequest[] {
    return this.#slow;
  }

  get models(): readonly ModelLine[] {
    return [...this.#models].map(([model, p95]) => ({ model, p95 }));
  }

  points(column: Column): Points {
    return this.#columns[column];
  }

  add(event: LiveEvent): void {
    const at = Date.parse(event.at);
    if (Number.isNaN(at)) return;
    const lastAt = (this.times.at(-1) ?? 0) * 1000;
    // What was told twice after a break is drawn once.
    if (at <= lastAt) return;
    if (lastAt > 0 && at - lastAt > GAP_MS) this.#push((lastAt + 1) / 1000, undefined);
    this.#push(at / 1000, event);
    this.#last = event;
    if (event.slow.length > 0) this.#slow = [...event.slow, ...this.#slow].slice(0, SLOW_KEPT);
  }

  #push(time: number, event: LiveEvent | undefined): void {
    append(this.times, time);
    const values = event === undefined ? undefined : valuesOf(event);
    for (const column of columns) append(this.#columns[column], values?.[column] ?? null);
    for (const { model, totalMs } of event?.models ?? []) this.#admit(model, totalMs !== null);
    for (const [model, line] of this.#models) append(line, p95Of(event, model));
  }

  /** A new model has a line where there is room, or where one has been silent for as long as is kept. */
  #admit(model: string, hasTime: boolean): void {
    if (!hasTime || this.#models.has(model)) return;
    if (this.#models.size >= MODELS_MAX) {
      const silent = [...this.#models].find(([, line]) => line.every((value) => value === null));
      if (silent === undefined) return;
      this.#models.delete(silent[0]);
    }
    const before = this.times.length - 1;
    this.#models.set(
      model,
      Array.from({ length: before }, () => null),
    );
  }
}

function append<Value>(ring: Value[], value: Value): void {
  ring.push(value);
  if (ring.length > SECONDS_KEPT) ring.shift();
}

const p95Of = (event: LiveEvent | undefined, model: string): number | null =>
  event?.models.find((told) => told.model === model)?.totalMs?.p95 ?? null;

/** Per second, whatever time an event covers. */
function valuesOf(event: LiveEvent): Readonly<Record<Column, number>> {
  const perSecond = (count: number): number => (count * 1000) / Math.max(1, event.coversMs);
  const { tiers, lanes } = event;
  return {
    dedicated: perSecond(tiers.dedicated),
    serverless: perSecond(tiers.serverless),
    baseline: perSecond(tiers.baseline),
    none: perSecond(tiers.none),
    spilled: perSecond(event.spilled),
    failovers: perSecond(event.failovers),
    interactive: lanes.interactive.waiting,
    standard: lanes.standard.waiting,
    bulk: lanes.bulk.waiting,
    costUsdPerHour: event.costUsdPerHour,
  };
}
