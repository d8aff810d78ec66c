/** Segments in memory, which nobody can delete: for tests, and for a simulated region. */
import type { SegmentLock } from '#core/audit/check-chain.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { SegmentStore } from '#usecases/ports/segment-store.ts';

export interface MemorySegmentStore extends SegmentStore {
  /** As they stand there, for who wants to damage them. */
  readonly texts: Map<string, string>;
  /** Keys that a mark of deletion hides, as anybody can who may delete. */
  readonly hidden: Set<string>;
}

export function createMemorySegmentStore(options: {
  readonly clock: Pick<Clock, 'now'>;
  readonly lock: SegmentLock;
}): MemorySegmentStore {
  const { clock, lock } = options;
  const texts = new Map<string, string>();
  const hidden = new Set<string>();
  const overlaid = new Set<string>();
  const storedAt = new Map<string, number>();
  return {
    texts,
    hidden,
    async create(key, text) {
      if (texts.has(key)) {
        if (!hidden.delete(key)) return false;
        overlaid.add(key);
      }
      texts.set(key, text);
      storedAt.set(key, clock.now());
      return true;
    },
    async read(key) {
      const text = hidden.has(key) ? undefined : texts.get(key);
      return text === undefined ? undefined : { text, lock };
    },
    list: async () =>
      [...texts.keys()].sort().map((key) => {
        const isHidden = hidden.has(key);
        return {
          key,
          storedAt: storedAt.get(key) ?? 0,
          versions: isHidden || overlaid.has(key) ? 2 : 1,
          isHidden,
        };
      }),
  };
}
