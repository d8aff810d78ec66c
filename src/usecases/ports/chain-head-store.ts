/**
 * How far one chain is, apart from where its segments stand: a segment that is taken from the end shows by it. Written
 * by sealers alone.
 */
import type { ChainHead } from '#core/audit/chain.ts';

export interface ChainHeadStore {
  /** Sees every move that ended before. Undefined before the first one. @throws HouseError */
  load(): Promise<ChainHead | undefined>;
  /** False where the head is not, or no more, `from`; a head of sequence 0 stands for none. @throws HouseError: it may have moved */
  move(from: ChainHead, to: ChainHead): Promise<boolean>;
}
