/** Ledgers on token blocks over a store in memory, in a world of virtual time. */
import { type BlockBook, emptyBook, grownIn, keptIn, type SlotBlock } from '#core/capacity/slot-block.ts';
import { createBlockCapacityLedger } from '#usecases/capacity/block-capacity-ledger.ts';
import type { BlockStore, BookOutcome } from '#usecases/ports/block-store.ts';
import type { CapacityRig } from './capacity-schedule.ts';
import type { CapacityWorld } from './capacity-world.ts';

/** Books in memory, behind a world's network. */
export class WorldBooks {
  readonly books = new Map<string, BlockBook>();
  writes = 0;

  storeOf(world: CapacityWorld, process: string): BlockStore {
    const standing = (target: string): BlockBook => this.books.get(target) ?? emptyBook;
    const write = (target: string, step: (book: BlockBook) => BlockBook | undefined) => {
      this.writes += 1;
      return world.send(process, () => {
        const after = step(standing(target));
        if (after !== undefined) this.books.set(target, after);
        return { applied: after !== undefined, book: standing(target) };
      });
    };
    return {
      grow: (target, before, claimed) => write(target, (book) => grownIn(book, before, claimed)),
      keep: (target, holder, block) => write(target, (book) => keptIn(book, holder, block)),
    };
  }
}

/** @param bend tells the store another block than the one that its process uses, to plant a bug */
export function blocksRig(
  options: { readonly bend?: (block: SlotBlock) => SlotBlock } = {},
): (world: CapacityWorld) => CapacityRig {
  const { bend } = options;
  return (world) => {
    const books = new WorldBooks();
    return {
      open: ({ name, clock }) => {
        const plain = books.storeOf(world, name);
        const store = bend === undefined ? plain : bent(plain, bend);
        const log = { write: () => undefined };
        return createBlockCapacityLedger({ store, clock, log, holder: name });
      },
    };
  };
}

function bent(store: BlockStore, bend: (block: SlotBlock) => SlotBlock): BlockStore {
  return {
    grow: (target, before, claimed) =>
      store.grow(target, before, { ...claimed, block: bend(claimed.block) }).then(straight(claimed)),
    keep: (target, holder, block) =>
      store.keep(target, holder, bend(block)).then(straight({ holder, block })),
  };
}

/** The process itself hears the block that it asked for. */
const straight =
  ({ holder, block }: { readonly holder: string; readonly block: SlotBlock }) =>
  (outcome: BookOutcome): BookOutcome =>
    outcome.applied
      ? { ...outcome, book: { ...outcome.book, blocks: new Map(outcome.book.blocks).set(holder, block) } }
      : outcome;
