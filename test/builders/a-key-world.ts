/** A key directory over memory in virtual time, whose table does what the test says. */
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { createMemoryLastGoodKeys } from '#adapters/memory/memory-last-good-keys.ts';
import type { KeyRecord } from '#core/keys/key-record.ts';
import type { Scopes } from '#core/keys/narrow-scopes.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { testHasher } from '#test/builders/a-key.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createKeyDirectory } from '#usecases/gateway/key-directory.ts';
import type { GatewayEvent } from '#usecases/ports/gateway-metrics.ts';
import type { KeyHasher } from '#usecases/ports/key-hasher.ts';
import type { KeyRead, KeyStore } from '#usecases/ports/key-store.ts';
import type { LastGoodKeySnapshot } from '#usecases/ports/last-good-keys.ts';

export const keyWorldStart = Date.UTC(2026, 10, 21, 8);

type TableMood = 'answers' | 'fails' | 'hangs';

export interface KeyWorldOptions {
  readonly keys?: readonly KeyRecord[];
  readonly bad?: readonly string[];
  readonly lastGood?: LastGoodKeySnapshot;
  readonly tenants?: Readonly<Record<string, Scopes>>;
  readonly configured?: Parameters<typeof createKeyDirectory>[0]['configured'];
  readonly mood?: TableMood;
  readonly hasher?: KeyHasher;
}

export function aKeyWorld(options: KeyWorldOptions = {}) {
  const clock = createVirtualClock(keyWorldStart);
  const store = createMemoryKeyStore(options.keys);
  const lastGood = createMemoryLastGoodKeys(options.lastGood);
  const lines: { readonly level: string; readonly event: string; readonly facts: unknown }[] = [];
  const events: GatewayEvent[] = [];
  const table = { mood: options.mood ?? ('answers' as TableMood), reads: 0, wholeReads: 0 };
  const read = async (load: () => Promise<KeyRead>): Promise<KeyRead> => {
    table.reads += 1;
    if (table.mood === 'fails') throw new Error('down');
    if (table.mood === 'hangs') return new Promise<never>(() => undefined);
    return { ...(await load()), bad: options.bad ?? [] };
  };
  const keys: KeyStore = {
    ...store,
    loadAll: () => {
      table.wholeReads += 1;
      return read(() => store.loadAll());
    },
    loadChanged: (since) => read(() => store.loadChanged(since)),
  };
  const directory = createKeyDirectory({
    keys,
    lastGood,
    hasher: options.hasher ?? testHasher,
    tenants: options.tenants ?? {
      demo: { residencies: ['us', 'eu'], defaultResidency: 'us', models: ['*'] },
    },
    configured: options.configured ?? { identify: () => 'unavailable' },
    clock,
    random: createSeededRandom(1),
    log: { write: (level, event, facts) => void lines.push({ level, event, facts }) },
    metrics: { record: () => undefined, ejected: () => undefined, count: (event) => void events.push(event) },
  });
  return { directory, store, lastGood, clock, table, lines, events };
}
