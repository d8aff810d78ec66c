/** What is to become of the message that asked for a step. */
export type StepEnd =
  | { readonly kind: 'done' }
  /** The same again, not before. */
  | { readonly kind: 'later'; readonly delaySeconds: number };

/** Under which a dispatcher does a step. */
export interface StepConditions {
  /** Ends the calls under way. */
  readonly signal: AbortSignal;
  /** True once no more calls may begin: whoever runs this is to stop soon. */
  readonly mustEnd: () => boolean;
  /** Nothing that had it came to an end: what is left gets a result that says so, and is not called. @default false */
  readonly givesUp?: boolean;
  /** Whoever runs this looks itself whether the batch is done. @default false */
  readonly isOneOfMany?: boolean;
}

/** The longest that a queue keeps a message back. */
const DELAY_SECONDS_MAX = 900;

export const done: StepEnd = { kind: 'done' };

export function later(milliseconds: number): StepEnd {
  const delaySeconds = Math.min(DELAY_SECONDS_MAX, Math.max(0, Math.ceil(milliseconds / 1000)));
  return { kind: 'later', delaySeconds };
}
