/** API keys' hashes in memory: for tests and the simulator. */
import { type KeyRecord, keySlotId } from '#core/keys/key-record.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';

export function createMemoryKeyStore(initial: readonly KeyRecord[] = []): KeyStore {
  const slots = new Map(initial.map((record) => [keySlotId(record), record]));
  return {
    loadAll: async () => ({ keys: [...slots.values()], bad: [] }),
    loadChanged: async (since) => ({
      keys: [...slots.values()].filter(({ changedAt }) => changedAt >= since),
      bad: [],
    }),
    save: async (record, replaced) => {
      const place = keySlotId(record);
      if (!isAsRead(slots.get(place), replaced)) return false;
      slots.set(place, record);
      return true;
    },
  };
}

function isAsRead(standing: KeyRecord | undefined, read: KeyRecord | undefined): boolean {
  return (
    standing?.keyId === read?.keyId &&
    standing?.expiresAt === read?.expiresAt &&
    standing?.revokedAt === read?.revokedAt
  );
}
