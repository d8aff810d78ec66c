/** Tenants of the configuration and the hashes of their keys. A key itself is kept nowhere. */
import type { TenantConfig } from '#contract/config.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { Identity, Tenant } from '#usecases/ports/tenant-directory.ts';

/** Longer keys are refused by the configuration, and hashing one is work that a stranger could ask for. */
const KEY_CHARACTERS_MAX = 256;
/** Enough to find the hash in the configuration by. */
const HASH_START_DIGITS = 12;

export function createConfigTenantDirectory(options: {
  readonly tenants: Readonly<Record<string, TenantConfig>>;
  readonly digest: Digest;
}): { identify(apiKey: string): Identity } {
  const { tenants, digest } = options;
  const tenantByHash = new Map<string, Tenant>();
  for (const [name, config] of Object.entries(tenants)) {
    const hashes = [...config.keys.map((key) => digest.sha256Hex(key)), ...config.keyHashes];
    for (const hash of hashes) {
      const credential = { kind: 'configured-key', hashStart: hash.slice(0, HASH_START_DIGITS) } as const;
      tenantByHash.set(hash, { ...tenantOf(name, config), credential });
    }
  }
  return {
    // Looked up by hash: how long it takes says nothing of how much of a key was right.
    identify(apiKey) {
      // A directory that was given no key at all cannot be sure that nobody has this one.
      if (tenantByHash.size === 0) return 'unavailable';
      if (apiKey.length > KEY_CHARACTERS_MAX) return 'unknown';
      return tenantByHash.get(digest.sha256Hex(apiKey)) ?? 'unknown';
    },
  };
}

function tenantOf(name: string, config: TenantConfig): Tenant {
  const { residencies, models, defaultResidency } = config;
  return { name, residencies, models, ...(defaultResidency === undefined ? {} : { defaultResidency }) };
}
