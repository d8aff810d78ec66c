/** One fault of the battery: what strikes the first target of a row, and what must follow. */

/** Where it strikes: at the head, before any content, after the first, amid and after the last piece of it, at the end mark, or all along. */
export type Phase = 'head' | 'no content' | 'first' | 'middle' | 'last' | 'end' | 'throughout';

/**
 * `moves on`: the next target answers. `breaks`: a typed error after content. `stays`: the first answers all the same.
 * `left`: the caller goes, and the call of the target with it.
 */
export type Ending = 'moves on' | 'breaks' | 'resumed' | 'stays' | 'refused' | 'left';

/** `unresolvable`: a name that no resolver knows. `no TLS`: a port that answers TLS in plain text. */
export type Place = 'unresolvable' | 'no TLS';

export interface BatteryFault {
  /** Row of the chaos matrix, C1 to C14. */
  readonly chaos: string;
  readonly name: string;
  readonly phase: Phase;
  /** Rules of the stand-in, by the service of the target; undefined where the service has no such fault. */
  readonly bedrock?: Readonly<Record<string, unknown>> | undefined;
  readonly sagemaker?: Readonly<Record<string, unknown>> | undefined;
  /** Of an answer that is streamed; a plain one moves on from wherever it broke. */
  readonly ending: Ending;
  /** Of a plain answer, where it is neither that nor to move on from a break. */
  readonly plainEnding?: Ending | undefined;
  /** Of an answer that is refused. @default 400 */
  readonly status?: number | undefined;
  /** Where the struck target seems to be, in the place of a rule: the fault is in getting there. */
  readonly place?: Place | undefined;
  /** Only streams can be struck so. */
  readonly inStream: boolean;
}

/** The same rule for targets of either service. */
export const both = (rule: Readonly<Record<string, unknown>>) => ({ bedrock: rule, sagemaker: rule });
