/**
 * The composition root of the CLI: the environment, the configuration, and AWS as local mode or as the profiles of real
 * accounts. It owns every SDK client that it opened, until `close`.
 */
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type AccountProbe, type ProbeFailure, probeFailure } from '#adapters/aws/account-probe.ts';
import { createAlarmWatch } from '#adapters/aws/cloudwatch-alarm-watch.ts';
import { createMetricReader, type MetricReader } from '#adapters/aws/cloudwatch-metric-reader.ts';
import { createTableKeys } from '#adapters/aws/dynamodb-table-keys.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { tableName } from '#contract/resources.ts';
import type { DeployedStack } from '#core/deploy-cost/deployed-stack.ts';
import type { AwsPrices } from '#core/facts/compile-aws-prices.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { HostingFacts } from '#core/facts/compile-hosting.ts';
import type { AlarmWatch } from '#usecases/ports/alarm-watch.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { TableKeys } from '#usecases/ports/table-keys.ts';
import { type Assembly, type AssemblyStack, readAssembly } from './assembly-stacks.ts';
import { shippedAwsPrices } from './aws-prices-data.ts';
import { type CdkOptions, type OpenCdk, openCdk } from './cdk-deployer.ts';
import { type AwsAccess, localAccess, lookupRoleAccess, profileAccess } from './cli-aws-access.ts';
import { type CliSettings, readCliSettings } from './cli-settings.ts';
import { type CliStores, createCliStores } from './cli-stores.ts';
import { type OpenTables, openDynamodbTables } from './cli-tables.ts';
import { readInventory } from './deployment-inventory.ts';
import type { Environment } from './environment.ts';
import { shippedFacts } from './facts-data.ts';
import { gatewayAccount } from './gateway-account.ts';
import { shippedHosting } from './hosting-data.ts';
import { type Interruption, listenForInterruption } from './interruption.ts';
import { createKeyDesk, type KeyDesk, type OpenKeyStore, openDynamodbKeyStore } from './key-desk.ts';
import { localKeyPepper } from './key-pepper.ts';
import { findConfig, type LoadedConfig, loadConfig } from './load-config.ts';
import { type OpenRegionArchive, openRegionArchive, type RegionArchive } from './open-audit.ts';
import { type RootsFile, rootSourceOf } from './roots-file.ts';
import { lockWaves, type WaveLock } from './wave-lock.ts';

export { controlRegions } from './control-regions.ts';
export { ConfigError, MissingConfigError } from './load-config.ts';
export type { OperationResult } from './operation-result.ts';
export { type RootsFile, readRootsFile } from './roots-file.ts';
export type {
  AccountProbe,
  AssemblyStack,
  AwsAccess,
  CliStores,
  MetricReader,
  OpenCdk,
  OpenTables,
  ProbeFailure,
};
export { probeFailure };

export interface CliRuntime {
  readonly settings: CliSettings;
  readonly facts: CompiledFacts;
  readonly hosting: HostingFacts;
  readonly awsPrices: AwsPrices;
  /** Relative names on the command line are taken from here. */
  readonly folder: string;
  /** Where data/*.json of this project stand. */
  readonly dataFolder: string;
  /** Who is at the keyboard, for audit entries. */
  readonly operator: string;
  readonly clock: Clock;
  readonly digest: Digest;
  now(): number;
  /** The configuration's file, absolute. @throws MissingConfigError when it is not there. */
  findConfig(file: string | undefined): string;
  /** @throws ConfigError with every violation. */
  loadConfig(file: string | undefined): Promise<LoadedConfig>;
  /**
   * What `npx cdk deploy` would make of a configuration file with such `-c` values.
   *
   * @throws an Error that says why nothing can be made of it
   */
  readInventory(file: string, context: Readonly<Record<string, string>>): Promise<readonly DeployedStack[]>;
  /** The CDK with the templates of a configuration file. @throws an Error when it cannot make them */
  openCdk(options: Pick<CdkOptions, 'file' | 'context' | 'write' | 'assembly'>): Promise<OpenCdk>;
  /** The stacks of a cloud assembly in a folder. @throws an Error that says what it lacks */
  readAssembly(folder: string): Assembly;
  /** Keeps other runs of waves of a deployment away from this machine. @throws an Error where one is under way */
  lockWaves(deployment: string): WaveLock;
  listenForInterruption(): Interruption;
  /** The deployment's alarms in every account that can be reached. */
  openAlarms(config: SpillwayConfig, aws: AwsAccess): AlarmWatch;
  /** The keys of the deployment's tables at home. */
  openTableKeys(config: SpillwayConfig, aws: AwsAccess): TableKeys;
  /** One account for each look-up role that the stacks of an assembly name; `region` is that of STS. */
  openLookupRoles(stacks: readonly AssemblyStack[], region: string): Promise<AwsAccess>;
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
  /**
   * The audit trail of a gateway region.
   *
   * @param rootsFile what `audit roots` printed, instead of what the home account keeps
   * @throws an Error when no credentials reach its account, or home's
   */
  openArchive(
    config: SpillwayConfig,
    aws: AwsAccess,
    where: { readonly region: string; readonly rootsFile?: RootsFile | undefined },
  ): Promise<RegionArchive>;
  /** CloudWatch of one account and region. @throws an Error when no credentials reach the account. */
  openMetrics(aws: AwsAccess, place: { readonly account: string; readonly region: string }): MetricReader;
  /** What kind of trouble an error of AWS is. */
  failureOf(error: unknown): ProbeFailure;
}

interface CliRuntimeOptions {
  readonly environment: Environment;
  /** Relative names are taken from here. */
  readonly folder: string;
  readonly now?: () => number;
  /** @default - DynamoDB */
  readonly openTables?: OpenTables;
  /** @default - DynamoDB */
  readonly openKeyStore?: OpenKeyStore;
  /** The CDK's program. @default - that of this project */
  readonly cdkProgram?: string | undefined;
  /** Where runs of waves lock each other out. @default - the machine's folder of temporary files */
  readonly lockFolder?: string | undefined;
  /** @default - S3 and DynamoDB */
  readonly openArchive?: OpenRegionArchive;
  /** Takes the audit lines of operators' commands. */
  readonly audit: (line: string) => void;
}

export function createCliRuntime(options: CliRuntimeOptions): CliRuntime {
  const { environment, folder, now = Date.now, openTables = openDynamodbTables, audit } = options;
  const {
    openKeyStore = openDynamodbKeyStore,
    openArchive = openRegionArchive,
    cdkProgram,
    lockFolder,
  } = options;
  const settings = readCliSettings(environment);
  const facts = shippedFacts();
  const clock = { ...systemClock, now };
  return {
    settings,
    facts,
    hosting: shippedHosting(),
    awsPrices: shippedAwsPrices(),
    folder,
    dataFolder: fileURLToPath(new URL('../../data', import.meta.url)),
    operator: operatorName(),
    clock,
    digest: cryptoDigest,
    now,
    findConfig: (file) => findConfig(folder, file ?? settings.configFile),
    loadConfig: (file) => loadConfig({ folder, file: file ?? settings.configFile, facts }),
    readInventory: (file, context) => readInventory({ folder, file, context }),
    openCdk: (request) =>
      openCdk({ folder, ...request, ...(cdkProgram === undefined ? {} : { program: cdkProgram }) }),
    readAssembly,
    lockWaves: (deployment) => lockWaves(deployment, lockFolder),
    listenForInterruption,
    openLookupRoles: async (stacks, region) => lookupRoleAccess(stacks, { region, now }),
    openTableKeys: tableKeysOf,
    openAlarms: (config, aws) =>
      createAlarmWatch({ deployment: config.name, connect: (account) => aws.connect(account) }),
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
    openArchive: async (config, aws, { region, rootsFile }) => {
      const account = gatewayAccount(config, region);
      const { credentials, endpoint } = aws.connect(account);
      const place = { config, account, region, credentials, endpoint };
      if (rootsFile === undefined) {
        const home = aws.connect(config.home.account);
        const witness = { config, credentials: home.credentials, endpoint: home.endpoint };
        return openArchive({ ...place, witness });
      }
      const archive = await openArchive(place);
      return { ...archive, rootSource: rootSourceOf(rootsFile, archive.chain) };
    },
    openMetrics: (aws, { account, region }) => createMetricReader({ ...aws.connect(account), region }),
    failureOf: probeFailure,
  };
}

function tableKeysOf({ name, home }: SpillwayConfig, aws: AwsAccess): TableKeys {
  const kinds = ['routes', 'observations', 'tenants'] as const;
  const tables = kinds.map((kind) => tableName(name, kind));
  return createTableKeys(tables, { ...aws.connect(home.account), region: home.region });
}

function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    return 'unknown';
  }
}
