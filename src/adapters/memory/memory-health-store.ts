/** Shared health in memory: for tests, the simulator, and any number of gateways in one process. */
import type { HealthStore, StoredHealth } from '#usecases/ports/health-store.ts';

export interface MemoryHealthStore extends HealthStore {
  /** Every item that was written, in order. */
  readonly writes: readonly StoredHealth[];
}

/** `region`: whose items it holds. */
export function createMemoryHealthStore(region = 'us-east-1'): MemoryHealthStore {
  const items = new Map<string, StoredHealth>();
  const writes: StoredHealth[] = [];
  return {
    region,
    writes,
    loadAll: async () => ({ items: [...items.values()], badItems: 0 }),
    load: async (key) => items.get(key),
    save: async (item, seen) => {
      if (items.get(item.key)?.revision !== seen) return false;
      items.set(item.key, item);
      writes.push(item);
      return true;
    },
  };
}
