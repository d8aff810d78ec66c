/**
 * The composition root of the CLI: the environment, the configuration, and AWS as local mode or as the profiles of real
 * accounts. It owns every SDK client that it opened, until `close`.
 */
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  type AccountProbe,
  type AccountProbeOptions,
  createAccountProbe,
  type ProbeFailure,
  probeFailure,
} from '#adapters/aws/account-probe.ts';
import { profileCredentials } from '#adapters/aws/profile-credentials.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { type CompiledFacts, compileFacts } from '#core/facts/compile-facts.ts';
import catalogue from '#data/catalogue.json' with { type: 'json' };
import prices from '#data/prices.json' with { type: 'json' };
import profiles from '#data/profiles.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };
import { type CliStores, openCliStores } from './cli-stores.ts';
import { type LoadedConfig, loadConfig } from './load-config.ts';

export { ConfigError } from './load-config.ts';
export type { AccountProbe, CliStores, LoadedConfig, ProbeFailure };
export { probeFailure };

/** What the environment says, read once. */
export interface CliSettings {
  /** NO_COLOR (any text) wins over FORCE_COLOR. */
  readonly colour: 'auto' | 'always' | 'never';
  /** COLUMNS; undefined to ask the terminal. */
  readonly columns: number | undefined;
  readonly gatewayUrl: string;
  readonly awsUrl: string;
  readonly configFile: string | undefined;
  /** SPILLWAY_KEY */
  readonly key: string | undefined;
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
  /** The tables of the deployment, under the credentials of its home account. */
  openStores(config: SpillwayConfig, aws: AwsAccess): CliStores;
  /** What kind of trouble an error of AWS is. */
  failureOf(error: unknown): ProbeFailure;
}

export function createCliRuntime(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative names are taken from here. */
  readonly folder: string;
  readonly now?: () => number;
}): CliRuntime {
  const { environment, folder, now = Date.now } = options;
  const settings = readSettings(environment);
  const facts = compileFacts({ regions, catalogue, profiles, prices });
  return {
    settings,
    facts,
    dataFolder: fileURLToPath(new URL('../../data', import.meta.url)),
    operator: operatorName(),
    now,
    loadConfig: (file) => loadConfig({ folder, file: file ?? settings.configFile, facts }),
    openAws: (request) =>
      request.profiles.length === 0
        ? Promise.resolve(localAccess(request.awsUrl))
        : profileAccess(request.profiles, request.region),
    openStores: (config, aws) =>
      openCliStores({ config, connection: aws.connect(config.home.account), facts, now }),
    failureOf: probeFailure,
  };
}

function readSettings(environment: Readonly<Record<string, string | undefined>>): CliSettings {
  const given = (name: string): string | undefined => {
    const value = environment[name];
    return value === undefined || value === '' ? undefined : value;
  };
  const columns = Number(given('COLUMNS') ?? Number.NaN);
  return {
    colour:
      given('NO_COLOR') !== undefined
        ? 'never'
        : given('FORCE_COLOR') !== undefined && given('FORCE_COLOR') !== '0'
          ? 'always'
          : 'auto',
    columns: Number.isInteger(columns) && columns > 0 ? columns : undefined,
    gatewayUrl: `http://127.0.0.1:${given('SPILLWAY_PORT') ?? '4000'}`,
    awsUrl: given('AWS_ENDPOINT_URL') ?? `http://127.0.0.1:${given('SPILLWAY_AWS_PORT') ?? '4566'}`,
    configFile: given('SPILLWAY_CONFIG'),
    key: given('SPILLWAY_KEY'),
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

/** The stand-in takes `LKIA<account>` for any account; nothing of it opens a real one. */
export function localCredentials(account: string): AwsCredentials {
  const accessKeyId = `LKIA${account}`;
  return { accessKeyId, secretAccessKey: `local-${accessKeyId}` };
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

/** Credentials and endpoint, for clients of any region. */
export type AwsConnection = Omit<AccountProbeOptions, 'region'>;

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
