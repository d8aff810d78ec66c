/** Outlives the process's memory where it can: the routes that last came from the table whole. */
import type { PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import type { Route } from '#core/plan/route.ts';

export interface LastGood {
  /** Epoch milliseconds of the table read. */
  readonly savedAt: number;
  readonly routes: readonly Route[];
  /** What operators of all regions had switched off. Judged by its own end. @default nothing */
  readonly disabled?: readonly PlacedDisabledTarget[] | undefined;
}

/**
 * What it gives back is not trusted: an adapter checks the shape of each route and leaves bad ones out, and the
 * decide stage judges every target of it again for residency.
 */
export interface LastGoodStore {
  /** Undefined when nothing (readable) was kept. */
  load(): Promise<LastGood | undefined>;
  save(lastGood: LastGood): Promise<void>;
}
