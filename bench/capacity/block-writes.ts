/** What token blocks cost and how much of a limit they lend, in made time: calls come to a few processes by chance. */

import { WorldBooks } from '#test/builders/block-rigs.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { createBlockCapacityLedger } from '#usecases/capacity/block-capacity-ledger.ts';
import { createSafeCapacityLedger } from '#usecases/capacity/safe-capacity-ledger.ts';
import { type CapacityLedger, LEASE_RENEWED_MS } from '#usecases/ports/capacity-ledger.ts';

export interface BlockWorld {
  readonly slots: number;
  readonly processes: number;
  /** Of what the slots could bear. */
  readonly load: number;
  readonly seconds: number;
  readonly seed: number;
  /** Of the limit, set aside for processes without the store. @default - nothing is */
  readonly safeShare?: number;
}

export interface BlockCost {
  readonly writesPerAdmitted: number;
  /** Share of the slots in use, in the mean over time. */
  readonly use: number;
}

const MEAN_MS = 5_000;
/** Until blocks are as large as they will be. */
const WARM_UP_MS = 60_000;

/** Calls last 5 s in the mean, exponentially. */
export async function measureBlocks(options: BlockWorld): Promise<BlockCost> {
  const { slots, processes, load, seconds, seed, safeShare: share } = options;
  const world = new CapacityWorld(seed);
  const books = new WorldBooks();
  const limit = { target: 'chat', slots, copies: 1 };
  const ledgers = Array.from({ length: processes }, (_, index): CapacityLedger => {
    const [name, log] = [`process-${index}`, { write: () => undefined }];
    const store = books.storeOf(world, name);
    const clock = world.clock(0);
    const ledger = createBlockCapacityLedger({ store, clock, log, holder: name });
    if (share === undefined) return ledger;
    return createSafeCapacityLedger({ ledger, clock, processesMax: processes, share });
  });
  const drawn = (meanMs: number): number => -Math.log(1 - world.random.next()) * meanMs;
  const count = { calls: 0, admitted: 0, open: 0, slotMs: 0, changedAt: world.now };
  const use = (more: number): void => {
    count.slotMs += count.open * (world.now - count.changedAt);
    count.changedAt = world.now;
    count.open += more;
  };
  const call = async (): Promise<void> => {
    const ledger = ledgers[world.below(processes)];
    const leaseId = `call-${count.calls++}`;
    const answer = await ledger?.acquire({ limit, leaseId, kvTokens: 0, slotsReserved: 0, at: world.now });
    if (answer?.granted !== true) return;
    count.admitted += 1;
    use(1);
    let isOpen = true;
    const renew = (): void => {
      if (!isOpen) return;
      void ledger?.renew(limit, leaseId, { at: world.now });
      world.after(LEASE_RENEWED_MS, renew);
    };
    world.after(LEASE_RENEWED_MS, renew);
    world.after(drawn(MEAN_MS), () => {
      isOpen = false;
      use(-1);
      void ledger?.release(limit, leaseId, world.now);
    });
  };
  const comeSoon = (): void => {
    world.after(drawn(MEAN_MS / (slots * load)), () => {
      comeSoon();
      void call();
    });
  };
  comeSoon();
  await world.run(WARM_UP_MS);
  Object.assign(count, { admitted: 0, slotMs: 0, changedAt: world.now });
  const writesBefore = books.writes;
  await world.run(seconds * 1000);
  use(0);
  return {
    writesPerAdmitted: (books.writes - writesBefore) / count.admitted,
    use: count.slotMs / (seconds * 1000 * slots),
  };
}
