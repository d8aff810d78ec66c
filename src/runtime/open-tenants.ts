/** Who may call a gateway: by keys of the table and of the configuration, or by tokens of issuers that it trusts. */
import { join } from 'node:path';
import { createMemoryLastGoodKeySets } from '#adapters/memory/memory-last-good-key-sets.ts';
import { createMemoryLastGoodKeys } from '#adapters/memory/memory-last-good-keys.ts';
import { createConfigTenantDirectory } from '#adapters/system/config-tenant-directory.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createFileLastGoodKeySets } from '#adapters/system/file-last-good-key-sets.ts';
import { createFileLastGoodKeys } from '#adapters/system/file-last-good-keys.ts';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import { httpKeySetSource } from '#adapters/system/http-key-set-source.ts';
import { joseTokenVerifier } from '#adapters/system/jose-token-verifier.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { narrowScopes } from '#core/keys/narrow-scopes.ts';
import type { Random } from '#core/units/random.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import { createKeyDirectory, type KeyDirectory } from '#usecases/gateway/key-directory.ts';
import { createKeySets } from '#usecases/gateway/key-sets.ts';
import { createTokenDirectory, looksLikeToken } from '#usecases/gateway/token-directory.ts';
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
  const { tokens, start, hasTrusts } = openTokens(options);
  const keys = openKeys(options);
  return {
    identify: (text) => (hasTrusts && looksLikeToken(text) ? tokens.identify(text) : keys.identify(text)),
    start: async () => void (await Promise.all([keys.start(), start()])),
    refresh: () => keys.refresh(),
    stop: () => keys.stop(),
  };
}

/** Key sets are loaded when they are needed, so there is nothing to stop. */
function openTokens(options: TenantsOptions) {
  const { config, clock, log } = options;
  const trusts = Object.entries(config.tenants).flatMap(([tenant, scopes]) =>
    (scopes.tokens ?? []).map((trust) => ({
      ...trust,
      tenant,
      scopes: narrowScopes(scopes, {}),
      jwksUrl: trust.jwksUrl ?? `${trust.issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    })),
  );
  const path = keptFile(options, 'issuers');
  const lastGood = path === undefined ? createMemoryLastGoodKeySets() : createFileLastGoodKeySets({ path });
  const urls = [...new Set(trusts.map(({ jwksUrl }) => jwksUrl))];
  const keySets = createKeySets({ source: httpKeySetSource, lastGood, clock, log }, urls);
  const tokens = createTokenDirectory({ trusts, verifier: joseTokenVerifier, keySets, clock });
  const hasTrusts = trusts.length > 0;
  return { tokens, hasTrusts, start: async () => (hasTrusts ? keySets.start() : undefined) };
}

/** A file that outlives the process; undefined where there is no folder that does. */
function keptFile({ config, account, region, lastGoodDirectory }: TenantsOptions, what: string) {
  if (lastGoodDirectory === undefined) return undefined;
  return join(lastGoodDirectory, `${config.name}-${account}-${region}-${what}.json`);
}

function openKeys(options: TenantsOptions): KeyDirectory {
  const { config, pepper, log } = options;
  const configured = createConfigTenantDirectory({ tenants: config.tenants, digest: cryptoDigest });
  if (pepper === undefined) {
    log.write('warn', 'key-pepper-missing');
    const nothing = async (): Promise<void> => undefined;
    return { ...configured, start: nothing, refresh: nothing, stop: () => undefined };
  }
  const path = keptFile(options, 'keys');
  return createKeyDirectory({
    ...options,
    configured,
    tenants: config.tenants,
    hasher: createHmacKeyHasher(pepper),
    lastGood: path === undefined ? createMemoryLastGoodKeys() : createFileLastGoodKeys({ path }),
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
