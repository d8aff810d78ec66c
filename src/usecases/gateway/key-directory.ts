import { readApiKey } from '#core/keys/api-key.ts';
import { type KeyRecord, keyStateAt } from '#core/keys/key-record.ts';
import { narrowScopes, type Scopes } from '#core/keys/narrow-scopes.ts';
import type { KeyHasher } from '../ports/key-hasher.ts';
import type { Identity, TenantDirectory } from '../ports/tenant-directory.ts';
import { createKeySnapshot, type KeySnapshot, type KeySnapshotDependencies } from './key-snapshot.ts';

/** A process that was frozen finds an older snapshot: a key may have been revoked since. */
const THAWED_AFTER_MS = 15_000;
/** Before a key is called unknown the table is read again, but not for every stranger. */
const STRANGER_READ_MS_MIN = 500;
/** Compared with where there is no hash, so that a known key id is not told by the time an answer takes. */
const NO_HASH = { hash: '0'.repeat(64), pepperId: '' };

export interface KeyDirectoryDependencies extends Omit<KeySnapshotDependencies, 'problemOf'> {
  readonly hasher: KeyHasher;
  /** The configuration's tenants by name: keys of the table open these and no others, and only narrow them. */
  readonly tenants: Readonly<Record<string, Scopes>>;
  /** Whoever the configuration itself gives keys to: asked first. */
  readonly configured: { identify(apiKey: string): Identity };
}

export interface KeyDirectory extends TenantDirectory, Pick<KeySnapshot, 'start' | 'refresh' | 'stop'> {}

/**
 * Who calls, by the keys of the table. A key that cannot be ours is refused without a look-up; a known one needs no
 * network, however old the snapshot; its end is judged by the clock, so that no outage prolongs it.
 */
export function createKeyDirectory(dependencies: KeyDirectoryDependencies): KeyDirectory {
  const { configured } = dependencies;
  const problemOf = (record: KeyRecord): string | undefined => problemOfKey(dependencies, record);
  const snapshot = createKeySnapshot({ ...dependencies, problemOf });
  return {
    start: () => snapshot.start(),
    refresh: () => snapshot.refresh(),
    stop: () => snapshot.stop(),
    identify: (apiKey) => {
      const known = configured.identify(apiKey);
      return typeof known === 'string' ? ofTable(dependencies, snapshot, apiKey) : known;
    },
  };
}

async function ofTable(
  dependencies: KeyDirectoryDependencies,
  snapshot: KeySnapshot,
  apiKey: string,
): Promise<Identity> {
  const read = readApiKey(apiKey);
  if (read.kind === 'damaged') return 'unknown';
  if (read.kind === 'spillway') {
    await snapshot.atMostOld(THAWED_AFTER_MS);
    const identity =
      openedBy(dependencies, snapshot.find(read.keyId), apiKey) ??
      (await snapshot
        .atMostOld(STRANGER_READ_MS_MIN)
        .then(() => openedBy(dependencies, snapshot.find(read.keyId), apiKey)));
    if (identity !== undefined) return identity;
  }
  return snapshot.isSure() ? 'unknown' : 'unavailable';
}

/** What a key opens; undefined where it is not this record's. */
function openedBy(
  dependencies: KeyDirectoryDependencies,
  record: KeyRecord | undefined,
  apiKey: string,
): Identity | undefined {
  const { hasher, tenants, clock } = dependencies;
  const matches = hasher.matches(apiKey, record ?? NO_HASH);
  if (record === undefined) return undefined;
  // Nobody can tell what a hash under another pepper says. A 401 would make the caller throw a good key away.
  if (!hasher.knows(record.pepperId)) return 'unavailable';
  if (!matches) return undefined;
  const tenant = tenantOf(tenants, record);
  if (tenant === undefined || keyStateAt(record, clock.now()) !== 'live') return 'unknown';
  const { keyId, label } = record;
  return { ...narrowScopes(tenant, record), name: record.tenant, credential: { kind: 'key', keyId, label } };
}

function problemOfKey({ hasher, tenants }: KeyDirectoryDependencies, record: KeyRecord): string | undefined {
  if (!hasher.knows(record.pepperId)) return 'made with another pepper';
  return tenantOf(tenants, record) === undefined ? 'no tenant of the configuration' : undefined;
}

function tenantOf(tenants: KeyDirectoryDependencies['tenants'], { tenant }: KeyRecord): Scopes | undefined {
  return Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
}
