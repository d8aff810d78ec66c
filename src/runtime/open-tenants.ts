/** Who may call a gateway: by keys of the table and the configuration, tokens of trusted issuers, or AWS signatures. */
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
import { createOperatorDirectory, type OperatorDirectory } from '#usecases/gateway/operator-directory.ts';
import { createPrincipalDirectory } from '#usecases/gateway/principal-directory.ts';
import { createTokenDirectory, looksLikeToken } from '#usecases/gateway/token-directory.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { GatewayMetrics } from '#usecases/ports/gateway-metrics.ts';
import type { KeyHasher } from '#usecases/ports/key-hasher.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';
import type { Log } from '#usecases/ports/log.ts';

/** Enough to tell subjects apart by, in 64 bits. */
const SUBJECT_MARK_DIGITS = 16;

export interface TenantsOptions {
  readonly config: SpillwayConfig;
  /** Of the gateway: part of the name under which keys are kept. */
  readonly account: string;
  readonly region: string;
  readonly keys: KeyStore;
  /** Undefined where there is none: then only the keys of the configuration are known. */
  readonly pepper: string | undefined;
  /** The pepper before it, while keys made with it still have to work. */
  readonly previousPepper?: string | undefined;
  /** Folder that outlives the process. Undefined: kept in memory only. */
  readonly lastGoodDirectory: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
}

/** The tenants and, beside them, who may order operations. */
export interface Callers extends KeyDirectory {
  readonly operators: OperatorDirectory;
}

export function openTenants(options: TenantsOptions): Callers {
  const { config, pepper, previousPepper } = options;
  const hasher = pepper === undefined ? undefined : createHmacKeyHasher(pepper, previousPepper);
  const { tokens, operators, start, hasTrusts } = openTokens(options, hasher);
  const keys = openKeys(options, hasher);
  return {
    identify: (text) => (hasTrusts && looksLikeToken(text) ? tokens.identify(text) : keys.identify(text)),
    // Where the front door asks for keys nobody has verified a signature, whatever an event says.
    ...(isSigned(config) ? { identifyPrincipal: createPrincipalDirectory(principalTrusts(config)) } : {}),
    operators,
    start: async () => void (await Promise.all([keys.start(), start()])),
    refresh: () => keys.refresh(),
    stop: () => keys.stop(),
  };
}

const isSigned = ({ frontDoor }: SpillwayConfig): boolean => frontDoor.authorization === 'iam';

function principalTrusts({ tenants }: SpillwayConfig) {
  return Object.entries(tenants).flatMap(([tenant, config]) =>
    (config.principals ?? []).map((arn) => ({ tenant, arn, scopes: narrowScopes(config, {}) })),
  );
}

/** Key sets are loaded when they are needed, so there is nothing to stop. */
function openTokens(options: TenantsOptions, hasher: KeyHasher | undefined) {
  const { config, clock, log } = options;
  const trusts = Object.entries(config.tenants).flatMap(([tenant, scopes]) =>
    (scopes.tokens ?? []).map((trust) => ({
      ...withKeySetUrl(trust),
      tenant,
      scopes: narrowScopes(scopes, {}),
    })),
  );
  const operatorTrusts = config.operators.tokens.map(withKeySetUrl);
  const path = keptFile(options, 'issuers');
  const lastGood = path === undefined ? createMemoryLastGoodKeySets() : createFileLastGoodKeySets({ path });
  const urls = [...new Set([...trusts, ...operatorTrusts].map(({ jwksUrl }) => jwksUrl))];
  const keySets = createKeySets({ source: httpKeySetSource, lastGood, clock, log }, urls);
  const checks = { verifier: joseTokenVerifier, keySets, clock };
  const tokens = createTokenDirectory({ ...checks, trusts, ...markBy(hasher) });
  const principals = isSigned(config) ? config.operators.principals : [];
  const operators = createOperatorDirectory({ principals, trusts: operatorTrusts, checks });
  const start = async () => (urls.length > 0 ? keySets.start() : undefined);
  return { tokens, operators, hasTrusts: trusts.length > 0, start };
}

function markBy(hasher: KeyHasher | undefined) {
  if (hasher === undefined) return {};
  return { markOf: (text: string) => hasher.hash(text).slice(0, SUBJECT_MARK_DIGITS) };
}

function withKeySetUrl<Trust extends { readonly issuer: string; readonly jwksUrl?: string | undefined }>(
  trust: Trust,
): Trust & { readonly jwksUrl: string } {
  const jwksUrl = trust.jwksUrl ?? `${trust.issuer.replace(/\/$/, '')}/.well-known/jwks.json`;
  return { ...trust, jwksUrl };
}

/** A file that outlives the process; undefined where there is no folder that does. */
function keptFile({ config, account, region, lastGoodDirectory }: TenantsOptions, what: string) {
  if (lastGoodDirectory === undefined) return undefined;
  return join(lastGoodDirectory, `${config.name}-${account}-${region}-${what}.json`);
}

function openKeys(options: TenantsOptions, hasher: KeyHasher | undefined): KeyDirectory {
  const { config, log } = options;
  const configured = createConfigTenantDirectory({ tenants: config.tenants, digest: cryptoDigest });
  if (hasher === undefined) {
    log.write('warn', 'key-pepper-missing');
    const nothing = async (): Promise<void> => undefined;
    return { ...configured, start: nothing, refresh: nothing, stop: () => undefined };
  }
  const path = keptFile(options, 'keys');
  return createKeyDirectory({
    ...options,
    configured,
    tenants: config.tenants,
    hasher,
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
