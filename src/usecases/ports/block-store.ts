/**
 * Books of blocks in a store that all processes of a gateway region share: one write at a time decides.
 *
 * A call that fails may have been carried out all the same, and may still be, unless it failed with `throttled`.
 */
import type { BlockBook, ClaimedBlock, SlotBlock } from '#core/capacity/slot-block.ts';

export interface BookOutcome {
  readonly applied: boolean;
  /** The book as it stands: after the write, or as it refused it. */
  readonly book: BlockBook;
}

export interface BlockStore {
  /** As `grownIn` says; `before` is the book that the claim was made of. @throws HouseError */
  grow(target: string, before: BlockBook, claimed: ClaimedBlock): Promise<BookOutcome>;
  /** As `keptIn` says. @throws HouseError */
  keep(target: string, holder: string, block: SlotBlock): Promise<BookOutcome>;
}
