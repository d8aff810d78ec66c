/** The capacity adapters that need no machine beside this one, in a world of virtual time. */
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { admitTo, emptyPage, type LeasePage, releaseFrom, renewOn } from '#core/capacity/lease-page.ts';
import { createPagedCapacityLedger } from '#usecases/capacity/paged-capacity-ledger.ts';
import { createSafeCapacityLedger } from '#usecases/capacity/safe-capacity-ledger.ts';
import type { SafeShare } from '#usecases/capacity/safe-share.ts';
import type { LeasePageStore } from '#usecases/ports/lease-page-store.ts';
import type { CapacityRig } from './capacity-schedule.ts';
import type { CapacityWorld } from './capacity-world.ts';

export function memoryRig(): CapacityRig {
  const ledger = createMemoryCapacityLedger();
  return { open: () => ledger };
}

/** Pages in memory, behind a world's network. */
export class WorldPages {
  readonly pages = new Map<string, LeasePage>();
  writes = 0;

  page(key: string): LeasePage {
    return this.pages.get(key) ?? emptyPage;
  }

  storeOf(world: CapacityWorld, process: string): LeasePageStore {
    const write = <Answer>(carryOut: () => Answer): Promise<Answer> => {
      this.writes += 1;
      return world.send(process, carryOut);
    };
    return {
      admit: (key, admission) =>
        write(() => {
          const after = admitTo(this.page(key), admission);
          if (after === undefined) return { applied: false, page: this.page(key) };
          this.pages.set(key, after);
          return { applied: true };
        }),
      renew: (key, leaseId, renewal) =>
        write(() => {
          const after = renewOn(this.page(key), leaseId, renewal);
          if (after !== undefined) this.pages.set(key, after);
          return after !== undefined;
        }),
      release: (key, { leaseId }) =>
        write(() => void this.pages.set(key, releaseFrom(this.page(key), leaseId))),
    };
  }
}

/** With slots that each process may lend without its store. */
export function safeRig(
  rig: (world: CapacityWorld) => CapacityRig,
  safe: SafeShare & { readonly callsMax?: number },
): (world: CapacityWorld) => CapacityRig {
  return (world) => {
    const shared = rig(world);
    return {
      open: (process) =>
        createSafeCapacityLedger({ ...safe, ledger: shared.open(process), clock: process.clock }),
    };
  };
}

interface PagesOptions {
  /** Makes another store of a process's, to plant a bug into it. */
  readonly bend?: (store: LeasePageStore) => LeasePageStore;
}

/** Each world has pages of its own. */
export function pagesRig(options: PagesOptions = {}): (world: CapacityWorld) => CapacityRig {
  return (world) => pagesRigOver(new WorldPages(), options)(world);
}

export function pagesRigOver(
  pages: WorldPages,
  { bend = (store) => store }: PagesOptions = {},
): (world: CapacityWorld) => CapacityRig {
  return (world) => ({
    open: ({ name, clock, random }) => {
      const store = bend(pages.storeOf(world, name));
      const log = { write: () => undefined };
      return createPagedCapacityLedger({ store, clock, random, log });
    },
  });
}
