import type { RegionObservations } from '#core/discovery/observation.ts';
import type { Denials } from './show-availability-denials.ts';

/** Of more targets than this nothing is kept: a large company's reports are 200 MiB of a process that answers models. */
const TARGETS_KEPT_MAX = 20_000;

/** What was read whole. */
interface KnownReports {
  readonly regions: readonly RegionObservations[];
  readonly denials: Denials;
}

/**
 * What the board's tables said last, for the time in which they say nothing: whoever opens the board in the middle of an
 * outage is shown what was known before it, as what it is.
 */
export class LastReports {
  #kept: KnownReports | undefined;

  /** Undefined where nothing was read yet, or too much to be kept. */
  get kept(): KnownReports | undefined {
    return this.#kept;
  }

  keep(known: KnownReports): void {
    const targets = known.regions.reduce((sum, report) => sum + report.targets.length, 0);
    this.#kept = targets <= TARGETS_KEPT_MAX ? known : undefined;
  }
}
