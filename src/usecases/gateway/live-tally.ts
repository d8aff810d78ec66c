import type { RequestRecord } from '../ports/gateway-metrics.ts';
import { LiveCell, WINDOW_PARTS } from './live-cell.ts';
import type { LiveWait } from './live-slow.ts';

/** Of tenants, residencies and models together; each takes some 8 KiB in its busiest minute. */
const CELLS_MAX = 1024;
const PART_MS = 60_000 / WINDOW_PARTS;

/** Whose requests a cell counts. */
export interface LiveSubject {
  readonly tenant: string;
  readonly residency: string;
  readonly model: string;
}

/** Counts requests while somebody listens. */
export class LiveTally {
  readonly #cells = new Map<string, Map<string, Map<string, LiveCell>>>();
  readonly #begunMs: number;
  #size = 0;
  #partBegunMs: number;
  #uncounted = 0;

  constructor(atMs: number) {
    this.#begunMs = atMs;
    this.#partBegunMs = atMs;
  }

  /** Requests that found no cell in this second. */
  get uncounted(): number {
    return this.#uncounted;
  }

  /** How long the window is at a time: the parts that are over, and the one that goes on. */
  windowMs(atMs: number): number {
    return Math.min(atMs - this.#begunMs, (WINDOW_PARTS - 1) * PART_MS + (atMs - this.#partBegunMs));
  }

  add(record: RequestRecord, wait: LiveWait): void {
    const cell = this.#cellOf(record);
    if (cell === undefined) this.#uncounted += 1;
    else cell.add(record, wait);
  }

  *cells(): Generator<readonly [LiveSubject, LiveCell]> {
    for (const [tenant, residencies] of this.#cells)
      for (const [residency, models] of residencies)
        for (const [model, cell] of models) yield [{ tenant, residency, model }, cell];
  }

  /** After the second was told. */
  endSecond(atMs: number): void {
    this.#uncounted = 0;
    const turns = Math.min(WINDOW_PARTS, Math.floor((atMs - this.#partBegunMs) / PART_MS));
    this.#partBegunMs += Math.floor((atMs - this.#partBegunMs) / PART_MS) * PART_MS;
    for (const [subject, cell] of this.cells()) {
      cell.endSecond();
      for (let turn = 0; turn < turns; turn += 1) if (cell.turn()) this.#forget(subject);
    }
  }

  #cellOf({ tenant, residency, model }: RequestRecord): LiveCell | undefined {
    const known = this.#cells.get(tenant)?.get(residency)?.get(model);
    if (known !== undefined) return known;
    if (this.#size >= CELLS_MAX) return undefined;
    const residencies = this.#cells.get(tenant) ?? new Map<string, Map<string, LiveCell>>();
    this.#cells.set(tenant, residencies);
    const models = residencies.get(residency) ?? new Map<string, LiveCell>();
    residencies.set(residency, models);
    const cell = new LiveCell();
    models.set(model, cell);
    this.#size += 1;
    return cell;
  }

  #forget({ tenant, residency, model }: LiveSubject): void {
    const residencies = this.#cells.get(tenant);
    const models = residencies?.get(residency);
    if (models?.delete(model) !== true) return;
    this.#size -= 1;
    if (models.size === 0) residencies?.delete(residency);
    if (residencies?.size === 0) this.#cells.delete(tenant);
  }
}
