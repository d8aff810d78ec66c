/** What the soak and its world of models and callers say to each other. */

/** Callers at a time. */
export const CALLERS = 64;

export interface SoakOrder {
  readonly url: string;
  readonly requests: number;
  /** Of the calls of models, 0 to 1. */
  readonly faultShare: number;
  /** Of the callers, 0 to 1. */
  readonly abortShare: number;
}

/** Answers by how they ended: `answered`, `aborted`, `interrupted` (told so), `wrong`, or an error's code. */
export type SoakCount = Readonly<Record<string, number>>;

/** Asks what lies in the gateway's heap; it is counted by the world, so that counting leaves nothing in that heap. */
export interface CensusOrder {
  readonly heapSnapshotPath: string;
  /** Later ones are compared with this one. */
  readonly isReference: boolean;
}

export interface CensusAnswer {
  readonly keptBytes: number;
  readonly compiledBytes: number;
  /** Kinds of objects that take most more than in the reference, with the bytes. */
  readonly grown: readonly (readonly [string, number])[];
}
