/** Who may call a gateway: the keys of the table over those of the configuration. */
import { join } from 'node:path';
import { createMemoryLastGoodKeys } from '#adapters/memory/memory-last-good-keys.ts';
import { createConfigTenantDirectory } from '#adapters/system/config-tenant-directory.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createFileLastGoodKeys } from '#adapters/system/file-last-good-keys.ts';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Random } from '#core/units/random.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import { createKeyDirectory, type KeyDirectory } from '#usecases/gateway/key-directory.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { GatewayMetrics } from '#usecases/ports/gateway-metrics.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';
import type { Log } from '#usecases/ports/log.ts';

export interface TenantsOptions {
  readonly config: SpillwayConfig;
  /** Of the gateway: part of the name under which keys are kept. */
  readonly account: string;
  readonly region: string;
  readonly keys: KeyStore;
  /** Undefined where there is none: then only the keys of the configuration are known. */
  readonly pepper: string | undefined;
  /** Folder that outlives the process. Undefined: kept in memory only. */
  readonly lastGoodDirectory: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
}

export function openTenants(options: TenantsOptions): KeyDirectory {
  const { config, account, region, pepper, lastGoodDirectory, log } = options;
  const configured = createConfigTenantDirectory({ tenants: config.tenants, digest: cryptoDigest });
  if (pepper === undefined) {
    log.write('warn', 'key-pepper-missing');
    const nothing = async (): Promise<void> => undefined;
    return { ...configured, start: nothing, refresh: nothing, stop: () => undefined };
  }
  return createKeyDirectory({
    ...options,
    configured,
    tenants: config.tenants,
    hasher: createHmacKeyHasher(pepper),
    lastGood:
      lastGoodDirectory === undefined
        ? createMemoryLastGoodKeys()
        : createFileLastGoodKeys({
            path: join(lastGoodDirectory, `${config.name}-${account}-${region}-keys.json`),
          }),
  });
}

/** The gateway, with its keys read when its routes are. Neither waits for the other. */
export function withTenants(gateway: Gateway, tenants: KeyDirectory): Gateway {
  return {
    ...gateway,
    start: async () => void (await Promise.all([tenants.start(), gateway.start()])),
    refresh: async () => void (await Promise.all([tenants.refresh(), gateway.refresh()])),
    stop: () => {
      tenants.stop();
      gateway.stop();
    },
  };
}
