/** One run of discovery in one account and region, as its three parts see it. */
import { type Access, lastingReasons } from './access.ts';
import type { DedicatedName, ModelListing, RegionAnswers } from './answers.ts';
import type { Observation, RegionObservations } from './observation.ts';

export interface RegionRun {
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly previous: RegionObservations | undefined;
  readonly answers: RegionAnswers;
  /** Base model ids whose access is checked: every candidate, and what the configuration adds. */
  readonly tracked: ReadonlySet<string>;
  readonly dedicated: readonly DedicatedName[];
}

/** What the three parts share. */
export interface RunContext extends RegionRun {
  /** ISO 8601 UTC of `at`. */
  readonly nowTime: string;
  readonly previousById: ReadonlyMap<string, Observation>;
  /** The rows of a good list; undefined when the list says nothing. */
  readonly listedModels: ReadonlyMap<string, ModelListing> | undefined;
  /** Why a list says nothing, as a reason code. */
  readonly modelsFailure: string | undefined;
  readonly profilesFailure: string | undefined;
  accessOf(modelId: string): Access;
}

/** Every target of a kind whose list says nothing: as it was, marked stale. What is known to be gone stays gone. */
export function keepLastKnown(previous: Observation, reason: string): Observation {
  if (previous.goneEvidence !== undefined) return previous;
  return { ...previous, reasons: [...lastingReasons(previous), reason], stale: true };
}

/** Since when the state holds, given what stood before. */
export function sinceOf(previous: Observation | undefined, state: string, at: number): number {
  return previous !== undefined && previous.state === state ? previous.since : at;
}
