import type { Observation } from '#core/discovery/observation.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import { bounded } from './bounded.ts';

/** An explanation is worth a short wait for its details, and no more. */
const READ_MS_MAX = 500;
/** Explanations that follow each other share one read, and one failure to read. */
const KEPT_MS = 5000;

/** What discovery saw, for explanations alone: no answer of a model waits for it or depends on it. */
export interface ObservedTargets {
  /** Never rejects; empty when it cannot be read in time. */
  load(): Promise<readonly Observation[]>;
}

export function createObservedTargets(ports: {
  readonly clock: Clock;
  readonly observations: Pick<ObservationStore, 'loadAll'>;
}): ObservedTargets {
  const { clock, observations } = ports;
  let last: { readonly atMs: number; readonly targets: Promise<readonly Observation[]> } | undefined;
  return {
    load() {
      const atMs = clock.monotonicMs();
      if (last === undefined || atMs - last.atMs >= KEPT_MS) last = { atMs, targets: read() };
      return last.targets;
    },
  };

  async function read(): Promise<readonly Observation[]> {
    try {
      const { regions } = await bounded(clock, READ_MS_MAX, observations.loadAll());
      return regions.flatMap(({ targets }) => targets);
    } catch {
      return [];
    }
  }
}
