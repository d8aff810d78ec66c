/** API keys' hashes in memory: for tests and the simulator. */
import { keySort } from '#contract/table-keys.ts';
import type { KeyRecord } from '#core/keys/key-record.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';

export function createMemoryKeyStore(initial: readonly KeyRecord[] = []): KeyStore {
  const placeOf = ({ tenant, label, slot }: KeyRecord) => `${tenant} ${keySort(label, slot)}`;
  const slots = new Map(initial.map((record) => [placeOf(record), record]));
  return {
    loadAll: async () => ({ keys: [...slots.values()], bad: [] }),
    save: async (record, replaced) => {
      const place = placeOf(record);
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
