/**
 * simulator/arrivals: who asks for what, and when.
 *
 * Invariant: a source gives arrivals in the order of their time, and the same ones in every run of one seed. A source owns
 * its place in the run, and nothing else.
 */

/** A request that comes in. */
export interface Arrival {
  /** From the start of the run. */
  readonly atMs: number;
  /** Where it comes in: an AWS region, or whatever the scenario calls its places. */
  readonly region: string;
  readonly model: string;
  readonly tenant?: string | undefined;
  /** Tokens of the prompt, 1 or more. */
  readonly inputTokens: number;
  /** Tokens of the answer, 1 or more. */
  readonly outputTokens: number;
  /** The chain of calls that it belongs to, unique in the run, and which of its steps it is, from 0. */
  readonly chain?: string | undefined;
  readonly step?: number | undefined;
  /** Names of the blocks of its prompt, from its beginning: what two prompts share they share from the front. */
  readonly prefixBlocks?: readonly number[] | undefined;
}

/** Arrivals, pulled one by one. */
export interface ArrivalSource {
  /** When the next one is due; infinity where none is, unless the end of a step makes one due. */
  nextMs(): number;
  /** Takes the next one out. Undefined where none is due. */
  next(): Arrival | undefined;
  /** The world says that an answer has ended: what waits for it in its chain becomes due after its pause. */
  ended?(chain: string, step: number, atMs: number): void;
  /** The world says that a step got no answer: the rest of its chain is given up. */
  abandoned?(chain: string): void;
}
