/** What the soak and its world of models and callers say to each other. */

/** Callers at a time. */
export const CALLERS = 64;
export const FAULT_SHARE = 0.05;
export const ABORT_SHARE = 0.02;

export interface SoakOrder {
  readonly url: string;
  readonly requests: number;
}

/** Answers by how they ended: `answered`, `aborted`, `interrupted` (told so), `wrong`, or an error's code. */
export type SoakCount = Readonly<Record<string, number>>;
