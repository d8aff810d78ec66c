import { describe, expect, it } from 'vitest';
import { createConfigTenantDirectory } from '#adapters/system/config-tenant-directory.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';

const tenant = {
  keys: ['sk-local'],
  keyHashes: [] as string[],
  residencies: ['eu'],
  defaultResidency: 'eu',
  models: ['*'] as '*'[],
};

describe('the tenant directory of the configuration', () => {
  it('knows a tenant by each of its keys', async () => {
    const directory = createConfigTenantDirectory({
      tenants: { demo: { ...tenant, keys: ['sk-1', 'sk-2'] } },
      digest: cryptoDigest,
    });
    const expected = (key: string) => ({
      name: 'demo',
      residencies: ['eu'],
      defaultResidency: 'eu',
      models: ['*'],
      credential: { kind: 'configured-key', hashStart: cryptoDigest.sha256Hex(key).slice(0, 12) },
    });
    expect(await directory.identify('sk-1')).toEqual(expected('sk-1'));
    expect(await directory.identify('sk-2')).toEqual(expected('sk-2'));
  });

  it('knows a tenant by the hash of a key', async () => {
    const directory = createConfigTenantDirectory({
      tenants: { demo: { ...tenant, keys: [], keyHashes: [cryptoDigest.sha256Hex('sk-deployed')] } },
      digest: cryptoDigest,
    });
    expect(await directory.identify('sk-deployed')).toMatchObject({ name: 'demo' });
  });

  it.each(['', 'sk-loca', 'sk-local ', 'SK-LOCAL', 'x'.repeat(100_000), '__proto__'])(
    'is sure that nobody has the key %.20s',
    async (key) => {
      const directory = createConfigTenantDirectory({ tenants: { demo: tenant }, digest: cryptoDigest });
      expect(await directory.identify(key)).toBe('unknown');
    },
  );

  it('cannot tell when it was given no keys at all', async () => {
    const directory = createConfigTenantDirectory({
      tenants: { demo: { ...tenant, keys: [] } },
      digest: cryptoDigest,
    });
    expect(await directory.identify('sk-local')).toBe('unavailable');
  });
});
