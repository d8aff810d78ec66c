/**
 * The composition root of the CLI: the environment, the configuration, and AWS as local mode or as the profiles of real
 * accounts. It owns every SDK client that it opened, until `close`.
 */
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  type AccountProbe,
  createAccountProbe,
  createTableClient,
  type ProbeFailure,
  probeFailure,
} from '#adapters/aws/account-probe.ts';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { createDynamodbRefusalLedger } from '#adapters/aws/dynamodb-refusal-ledger.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { profileCredentials } from '#adapters/aws/profile-credentials.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { tableName } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { AwsConnection } from './aws-connection.ts';
import { type CliStores, type CliTables, createCliStores } from './cli-stores.ts';
import type { Environment } from './environment.ts';
import { shippedFacts } from './facts-data.ts';
import { createKeyDesk, type KeyDesk, type OpenKeyStore, openDynamodbKeyStore } from './key-desk.ts';
import { localKeyPepper } from './key-pepper.ts';
import { type LoadedConfig, loadConfig } from './load-config.ts';

export { ConfigError } from './load-config.ts';
export type { AccountProbe, CliStores, ProbeFailure };
export { probeFailure };

/** What the environment says, read once. */
interface CliSettings {
  /** NO_COLOR (any text) wins over FORCE_COLOR. */
  readonly colour: 'auto' | 'always' | 'never';
  /** COLUMNS; undefined to ask the terminal. */
  readonly columns: number | undefined;
  readonly gatewayUrl: string;
  readonly awsUrl: string;
  readonly configFile: string | undefined;
  /** SPILLWAY_KEY */
  readonly key: string | undefined;
  /** SPILLWAY_KEY_PEPPER, for the keys of a real account. */
  readonly keyPepper: string | undefined;
}

export interface AwsAccess {
  readonly local: boolean;
  /** Accounts that a profile opens; undefined in local mode, where every account is open. */
  readonly accounts: readonly string[] | undefined;
  /** Profiles that did not say whose they are, with why. */
  readonly failedProfiles: readonly { readonly profile: string; readonly failure: ProbeFailure }[];
  /** True when there are credentials for this account. */
  reaches(account: string): boolean;
  /** How a client of this account connects. @throws an Error when no credentials reach the account. */
  connect(account: string): AwsConnection;
  /** @throws an Error when no credentials reach the account. */
  probe(account: string, region: string): AccountProbe;
  close(): void;
}

export interface CliRuntime {
  readonly settings: CliSettings;
  readonly facts: CompiledFacts;
  /** Where data/*.json of this project stand. */
  readonly dataFolder: string;
  /** Who is at the keyboard, for audit entries. */
  readonly operator: string;
  readonly clock: Clock;
  now(): number;
  /** @throws ConfigError with every violation. */
  loadConfig(file: string | undefined): Promise<LoadedConfig>;
  /** Local mode without profiles; else one account for each profile. */
  openAws(request: {
    readonly profiles: readonly string[];
    readonly awsUrl: string;
    /** Where profiles are asked whose they are. */
    readonly region: string;
  }): Promise<AwsAccess>;
  /** The tables of the deployment, under the credentials of its home account; routes in the replica of `region`. */
  openStores(config: SpillwayConfig, aws: AwsAccess, region: string): CliStores;
  /** The API keys of the deployment, under the credentials of its home account. */
  openKeyDesk(config: SpillwayConfig, aws: AwsAccess): KeyDesk;
  /** What kind of trouble an error of AWS is. */
  failureOf(error: unknown): ProbeFailure;
}

export function createCliRuntime(options: {
  readonly environment: Environment;
  /** Relative names are taken from here. */
  readonly folder: string;
  readonly now?: () => number;
  /** @default - DynamoDB */
  readonly openTables?: OpenTables;
  /** @default - DynamoDB */
  readonly openKeyStore?: OpenKeyStore;
  /** Takes the audit lines of operators' commands. */
  readonly audit: (line: string) => void;
}): CliRuntime {
  const { environment, folder, now = Date.now, openTables = openDynamodbTables, audit } = options;
  const { openKeyStore = openDynamodbKeyStore } = options;
  const settings = readSettings(environment);
  const facts = shippedFacts();
  const clock = { ...systemClock, now };
  return {
    settings,
    facts,
    dataFolder: fileURLToPath(new URL('../../data', import.meta.url)),
    operator: operatorName(),
    clock,
    now,
    loadConfig: (file) => loadConfig({ folder, file: file ?? settings.configFile, facts }),
    openAws: (request) =>
      request.profiles.length === 0
        ? Promise.resolve(localAccess(request.awsUrl))
        : profileAccess(request.profiles, request.region),
    openStores: (config, aws, region) => {
      const connection = aws.connect(config.home.account);
      return createCliStores({ config, facts, clock, audit, ...openTables(config, connection, region) });
    },
    openKeyDesk: (config, aws) =>
      createKeyDesk({
        config,
        store: openKeyStore(config, aws.connect(config.home.account)),
        // A pepper of the environment is a real account's: local mode has its own.
        pepper: aws.local ? localKeyPepper(config.name) : settings.keyPepper,
        clock,
        audit,
      }),
    failureOf: probeFailure,
  };
}

const openDynamodbTables: OpenTables = (config, connection, region) => {
  const { home, name, gateways, standby } = config;
  const here = createTableClient({ region, ...connection });
  const atHome = region === home.region ? here : createTableClient({ region: home.region, ...connection });
  const table = tableName(name, 'observations');
  const routeTable = { client: here, table: tableName(name, 'routes'), region };
  return {
    routes: createDynamodbRouteStore({
      ...routeTable,
      models: Object.keys(config.models),
      regions: [home.region, ...(standby === undefined ? [] : [standby]), ...gateways],
      digest: cryptoDigest,
    }),
    observations: createDynamodbObservationStore({
      client: atHome,
      table,
      places: controlSetting(config, shippedFacts()).accountRegions,
    }),
    verifications: createDynamodbVerificationStore({ client: atHome, table }),
    refusals: createDynamodbRefusalLedger(routeTable),
    close: () => {
      here.destroy();
      atHome.destroy();
    },
  };
};

function readSettings(environment: Environment): CliSettings {
  const { NO_COLOR: noColour, FORCE_COLOR: forceColour = '0' } = environment;
  const columns = Number(environment.COLUMNS ?? Number.NaN);
  return {
    colour: noColour !== undefined ? 'never' : forceColour === '0' ? 'auto' : 'always',
    columns: Number.isInteger(columns) && columns > 0 ? columns : undefined,
    gatewayUrl: `http://127.0.0.1:${environment.SPILLWAY_PORT ?? '4000'}`,
    awsUrl: environment.AWS_ENDPOINT_URL ?? `http://127.0.0.1:${environment.SPILLWAY_AWS_PORT ?? '4566'}`,
    configFile: environment.SPILLWAY_CONFIG,
    key: environment.SPILLWAY_KEY,
    keyPepper: environment.SPILLWAY_KEY_PEPPER,
  };
}

function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    return 'unknown';
  }
}

function localAccess(awsUrl: string): AwsAccess {
  const opened = openProbes((account) => ({
    credentials: localCredentials(account),
    endpoint: awsUrl,
    // Local mode answers at once or not at all.
    attemptsMax: 1,
  }));
  return { local: true, accounts: undefined, failedProfiles: [], reaches: () => true, ...opened };
}

async function profileAccess(names: readonly string[], region: string): Promise<AwsAccess> {
  const credentialsByAccount = new Map<string, () => Promise<AwsCredentials>>();
  const failedProfiles: { profile: string; failure: ProbeFailure }[] = [];
  for (const profile of names) {
    const credentials = profileCredentials(profile);
    const probe = createAccountProbe({ region, credentials });
    try {
      const { account } = await probe.loadIdentity();
      credentialsByAccount.set(account, credentials);
    } catch (error) {
      failedProfiles.push({ profile, failure: probeFailure(error) });
    } finally {
      probe.close();
    }
  }
  const opened = openProbes((account) => {
    const credentials = credentialsByAccount.get(account);
    if (credentials === undefined) throw new Error(`no --profile opens account ${account}`);
    return { credentials };
  });
  return {
    local: false,
    accounts: [...credentialsByAccount.keys()],
    failedProfiles,
    reaches: (account) => credentialsByAccount.has(account),
    ...opened,
  };
}

/** Opens the tables of a deployment: the routes in the replica of a region, the observations at home. */
export type OpenTables = (config: SpillwayConfig, connection: AwsConnection, region: string) => CliTables;

function openProbes(
  accessOf: (account: string) => AwsConnection,
): Pick<AwsAccess, 'connect' | 'probe' | 'close'> {
  const open = new Map<string, AccountProbe>();
  return {
    connect: accessOf,
    probe: (account, region) => {
      const key = `${account}/${region}`;
      const probe = open.get(key) ?? createAccountProbe({ region, ...accessOf(account) });
      open.set(key, probe);
      return probe;
    },
    close: () => {
      for (const probe of open.values()) probe.close();
      open.clear();
    },
  };
}
