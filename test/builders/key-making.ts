/** What making keys takes, over memory and in virtual time. */
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { cryptoSecretBytes } from '#adapters/system/crypto-secret-bytes.ts';
import { testHasher } from '#test/builders/a-key.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';

export function keyMaking(keys: KeyStore = createMemoryKeyStore()) {
  const lines: { readonly event: string; readonly facts: unknown }[] = [];
  return {
    keys,
    lines,
    clock: createVirtualClock(Date.UTC(2026, 10, 21, 8)),
    hasher: testHasher,
    secrets: cryptoSecretBytes,
    log: { write: (_level: string, event: string, facts?: unknown) => void lines.push({ event, facts }) },
  };
}
