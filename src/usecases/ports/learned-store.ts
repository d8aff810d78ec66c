/**
 * What the processes of one gateway region know of each tenant's calls together: counts and names, never a word of them.
 * No answer waits for it, and without it each process knows what it saw. A write whose answer is lost may count twice.
 */
import type { CarriedTerms } from '#core/chain/carried-terms.ts';
import type { Learned } from '#core/learned/learned.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';

export interface StoredLearned {
  /** Grows with every write. */
  readonly revision: number;
  readonly learned: Learned;
}

/** One call as part of its chain. */
export interface ChainCall {
  readonly tenant: string;
  readonly traceId: string;
  /** Logical. */
  readonly model: string;
  /** Its path. */
  readonly route: string;
  /** False: it needed nobody awake, as where tokens are only counted. */
  readonly needsModel: boolean;
  /** It met a target without a copy. */
  readonly isCold: boolean;
  readonly at: InstantMs;
}

/** A call that may be the first of its chain. */
export interface ChainBeginning {
  readonly tenant: string;
  readonly traceId: string;
  readonly terms: CarriedTerms;
  readonly at: InstantMs;
}

/** What a call was in its chain, by the order in which calls were noted. */
export interface ChainPlace {
  readonly firstModel: string;
  /** Path of the first call. */
  readonly route: string;
  readonly isFirst: boolean;
  /** The model is another than the first one's, and the chain calls it for the first time. */
  readonly isNewModel: boolean;
  /** It is the chain's first call that met a target without a copy. */
  readonly turnedCold: boolean;
}

export interface LearnedStore {
  /** As it stands now. Undefined where there is none, `unreadable` where what stands there is something else. @throws HouseError */
  load(tenant: string): Promise<StoredLearned | 'unreadable' | undefined>;
  /**
   * Puts `item` in the place of what it was made from; false, and nothing written, where another stands there by now.
   *
   * @param made.seen what `load` gave: its revision, `unreadable`, or undefined where there was none
   * @throws HouseError
   */
  save(
    tenant: string,
    item: StoredLearned,
    made: { readonly seen: number | 'unreadable' | undefined; readonly at: InstantMs },
  ): Promise<boolean>;
  /**
   * Says under which terms the chain began, for a call that has some of its own: those of whoever asks first stand.
   * Undefined for the first, and where what stands there is something else.
   *
   * @throws HouseError
   */
  begin(call: ChainBeginning): Promise<CarriedTerms | undefined>;
  /**
   * Adds a call to its chain. Undefined where what stands there is something else. The same call noted twice is two calls.
   *
   * @throws HouseError
   */
  note(call: ChainCall): Promise<ChainPlace | undefined>;
}
