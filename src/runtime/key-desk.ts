/** What an operator may do with API keys, over the tenants table at home. */
import { createTableClient } from '#adapters/aws/account-probe.ts';
import { createDynamodbKeyStore } from '#adapters/aws/dynamodb-key-store.ts';
import { cryptoSecretBytes } from '#adapters/system/crypto-secret-bytes.ts';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { environmentNames, keyPepperSecretName, tableName } from '#contract/resources.ts';
import { type CreatedKey, type CreateKeyOrder, createKey } from '#usecases/operate/create-key.ts';
import { type RevokeKeyOrder, revokeKey } from '#usecases/operate/revoke-key.ts';
import { type RotatedKey, type RotateKeyOrder, rotateKey } from '#usecases/operate/rotate-key.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';
import { type AwsConnection, COMMAND_CALL_MS_MAX } from './aws-connection.ts';
import { pepperProblem } from './key-pepper.ts';
import { type OperationResult, refusable } from './operation-result.ts';

export type KeyRecord = CreatedKey['record'];

export interface KeyDesk {
  /** Every key that can be read, and the places of items that cannot. */
  list(): ReturnType<KeyStore['loadAll']>;
  create(order: CreateKeyOrder): Promise<OperationResult<CreatedKey>>;
  rotate(order: RotateKeyOrder): Promise<OperationResult<RotatedKey>>;
  revoke(order: RevokeKeyOrder): Promise<OperationResult<{ readonly record: KeyRecord }>>;
  close(): void;
}

/** Opens the table of keys in the home region of a deployment. */
export type OpenKeyStore = (
  config: SpillwayConfig,
  connection: AwsConnection,
) => { readonly keys: KeyStore; readonly close: () => void };

export const openDynamodbKeyStore: OpenKeyStore = (config, connection) => {
  const client = createTableClient({ region: config.home.region, ...connection });
  const table = tableName(config.name, 'tenants');
  const keys = createDynamodbKeyStore({ client, table, callMsMax: COMMAND_CALL_MS_MAX });
  return { keys, close: () => client.destroy() };
};

export function createKeyDesk(options: {
  readonly config: SpillwayConfig;
  readonly store: ReturnType<OpenKeyStore>;
  /** Undefined where none is named: then keys can be listed and revoked only. */
  readonly pepper: string | undefined;
  readonly clock: Clock;
  /** Takes one audit line with its end. */
  readonly audit: (line: string) => void;
}): KeyDesk {
  const { config, store, pepper, clock, audit } = options;
  const { keys } = store;
  const log = createJsonLineLog({ clock, write: audit });
  const problem = pepper === undefined ? missingPepper(config.name) : pepperProblem(pepper);
  const making = <Done>(make: (hasher: ReturnType<typeof createHmacKeyHasher>) => Promise<Done>) =>
    problem === undefined && pepper !== undefined
      ? refusable(() => make(createHmacKeyHasher(pepper)))
      : Promise.resolve({ ok: false, why: `${problem}.` } as const);
  const parts = { clock, keys, secrets: cryptoSecretBytes, log };
  return {
    list: () => keys.loadAll(),
    create: (order) => making((hasher) => createKey({ ...parts, hasher }, order)),
    rotate: (order) => making((hasher) => rotateKey({ ...parts, hasher }, order)),
    revoke: (order) => refusable(async () => ({ record: await revokeKey(parts, order) })),
    close: () => store.close(),
  };
}

/** A key hashed with another pepper than the gateways' would open nothing. */
function missingPepper(deployment: string): string {
  return `${environmentNames.keyPepper} is not set: give it the text of the secret ${keyPepperSecretName(deployment)}, with which the gateways were deployed`;
}
