/**
 * The composition root of a gateway: every port of the gateway made real, in one place, for the function, the server
 * and local mode alike.
 *
 * Nothing here is needed to answer but the gateway's own credentials and a healthy target: tables, STS and metrics may
 * all be gone, each behind a deadline far below a request's.
 */
import { join } from 'node:path';
import { createAccountCredentials } from '#adapters/aws/account-credentials.ts';
import { createAccessRoleAssumer } from '#adapters/aws/assume-access-role.ts';
import { createConnectionPool, openDynamodb, processCredentials } from '#adapters/aws/aws-clients.ts';
import {
  createDynamodbBlockLedger,
  createDynamodbCapacityLedger,
  type DynamodbCapacityLedgerOptions,
} from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { createDynamodbChangeLog } from '#adapters/aws/dynamodb-change-log.ts';
import { createDynamodbHealthStore } from '#adapters/aws/dynamodb-health-store.ts';
import { createDynamodbKeyStore } from '#adapters/aws/dynamodb-key-store.ts';
import { createDynamodbLearnedStore } from '#adapters/aws/dynamodb-learned-store.ts';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { createDynamodbRateLedger } from '#adapters/aws/dynamodb-rate-ledger.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { createDynamodbWarmStore } from '#adapters/aws/dynamodb-warm-store.ts';
import { createEmfGatewayMetrics } from '#adapters/aws/emf-gateway-metrics.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createUpstreamClient, type UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { createMemoryLastGoodStore } from '#adapters/memory/memory-last-good-store.ts';
import { createConsoleFiles } from '#adapters/system/built-console-files.ts';
import { createCryptoConversationHasher } from '#adapters/system/crypto-conversation-hasher.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { createFileLastGoodStore } from '#adapters/system/file-last-good-store.ts';
import { collectGarbageForGateway } from '#adapters/system/garbage-collection.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { createLineWriter, type LineWriter } from '#adapters/system/line-writer.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import { routeHistoryDays } from '#contract/audit.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { type TableKind, tableArn } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { observedPlaces } from '#core/metrics/metric-shape.ts';
import type { Random } from '#core/units/random.ts';
import type { BatchDesk } from '#usecases/batch/batch-services.ts';
import { createSafeCapacityLedger } from '#usecases/capacity/safe-capacity-ledger.ts';
import { createGateway, type Gateway, type GatewayDependencies } from '#usecases/gateway/create-gateway.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';
import type { ChangeLog } from '#usecases/ports/change-log.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ControlStore } from '#usecases/ports/control-store.ts';
import type { HealthStore } from '#usecases/ports/health-store.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';
import type { LastGoodStore } from '#usecases/ports/last-good-store.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { OperatorStore } from '#usecases/ports/operator-store.ts';
import type { RateLedger } from '#usecases/ports/rate-ledger.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { VerificationStore } from '#usecases/ports/verification-store.ts';
import { auditingOf } from './auditing-of.ts';
import { controlRegions } from './control-regions.ts';
import { openAuditTrail } from './open-audit-trail.ts';
import { openBatches } from './open-batches.ts';
import { openControls, withConfirmedHolds } from './open-controls.ts';
import { openOperations } from './open-operations.ts';
import { type Telemetry, withFlushedSpans } from './open-telemetry.ts';
import { openTenants, withTenants } from './open-tenants.ts';
import { timedStart } from './timed-start.ts';

export interface GatewayRuntimeOptions {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** The account and region that the gateway runs in. */
  readonly account: string;
  readonly region: string;
  /** Base URL of each gateway region, for the answers that send a caller elsewhere. @default those of the configuration */
  readonly gatewayUrls?: Readonly<Record<string, string>> | undefined;
  /** The gateway's own credentials. @default what the SDK finds in the process's surroundings */
  readonly credentials?: (() => Promise<AwsCredentials>) | undefined;
  /** One origin for every AWS service and region. @default AWS's own */
  readonly endpoint?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** @default JSON lines on standard output */
  readonly log?: Log | undefined;
  /** Takes each line of embedded metrics, with its end. @default standard output */
  readonly metricsOut?: ((line: string) => void) | undefined;
  /** Who is told of metrics and spans besides; whoever opened it closes it. @default nobody */
  readonly telemetry?: Telemetry | undefined;
  /**
   * How long lines to standard output may wait for others, so that many are one write. None is lost when the process
   * exits or the runtime is closed; a kill loses those of this time. Not for what may be frozen between two requests.
   *
   * @default 0: no longer than the step that wrote them
   */
  readonly linesHeldMsMax?: number | undefined;
  /** What keyed hashes of API keys were made with. @default none: only keys of the configuration are known */
  readonly keyPepper?: string | undefined;
  /** The pepper before it, while keys made with it still have to work. @default none */
  readonly previousKeyPepper?: string | undefined;
  /**
   * Who counts the slots of targets, where the configuration does not say: `memory` only where this is the one process of
   * its gateway region, `pages` where others count by them. @default `blocks` where the shell serves many requests at a
   * time, else `pages`
   */
  readonly capacityLedger?: 'memory' | 'pages' | undefined;
  /** The shell serves many requests at a time. @default false: one after the other */
  readonly servesMany?: boolean | undefined;
  /** Folder that outlives the process, for the last good routes and keys. @default kept in memory only */
  readonly lastGoodDirectory?: string | undefined;
  /** Reads the web console's built files by name, when somebody first asks for one. @default there is none here */
  readonly readConsole?: (() => Promise<ReadonlyMap<string, string>>) | undefined;
}

export interface GatewayRuntime {
  readonly gateway: Gateway;
  /** Opens the stores of files and batches. Undefined where they are switched off. */
  readonly openBatches: (() => Promise<BatchDesk>) | undefined;
  /** Stops the background refresh, waits for what answers left to be written, and ends every connection; calls in flight fail. */
  close(): Promise<void>;
}

/** Background reads of the table: a hang must not outlast the next round. */
const STORE_MS_MAX = 2_000;

/** Puts a gateway together. Touches nothing outside the process until it is started or asked. */
export function createGatewayRuntime(options: GatewayRuntimeOptions): GatewayRuntime {
  const { config, facts, account, region, telemetry, clock = systemClock } = options;
  collectGarbageForGateway();
  const lines = openLines(options.linesHeldMsMax ?? 0);
  const own = options.credentials ?? processCredentials();
  const stores = openStores(options, own);
  const upstream = openUpstream(options, own);
  const random = options.random ?? cryptoRandom;
  const log = options.log ?? createJsonLineLog({ clock, write: lines.write });
  const metricsOut = linesFor(options.metricsOut ?? lines.write, telemetry);
  const metrics = createEmfGatewayMetrics({ clock, write: metricsOut });
  const tenants = openTenants({
    ...{ config, account, region },
    keys: stores.keys,
    pepper: options.keyPepper,
    previousPepper: options.previousKeyPepper,
    lastGoodDirectory: options.lastGoodDirectory,
    ...{ clock, random, log, metrics },
  });
  const near = { config, account, region, clock, log, metricsOut, credentials: own };
  const batches = openBatches({ ...near, endpoint: options.endpoint });
  const audit = config.audit.enabled ? openAuditTrail({ ...near, endpoint: options.endpoint }) : undefined;
  const openDesk = config.batches.enabled ? batches.open : undefined;
  const gatewayAlone = createGateway({
    region,
    account,
    config,
    facts,
    routes: stores.routes,
    observations: stores.observations,
    changes: stores.changes,
    verifications: stores.verifications,
    lastGood: openLastGood(options),
    tenants,
    rates: stores.rates,
    capacity: openCapacity(options, { client: stores.near, ...{ clock, random, log } }),
    servesMany: options.servesMany,
    invoker: createTargetInvoker(upstream.client),
    ...{ clock, random, log, metrics },
    conversations: createCryptoConversationHasher(),
    ids: uuidRequestIds,
    gatewayUrls: options.gatewayUrls ?? config.gatewayUrls,
    operatorWords: stores.words,
    controls: stores.controls,
    health: stores.health,
    ...openSharing(options, stores.near),
    chainMetrics: metrics,
    operations: openOperations({ config, facts, operators: tenants.operators, stores, clock, log }),
    openBatches: openDesk,
    spans: telemetry?.spans,
    auditing: audit && auditingOf({ trail: audit.trail, config, facts }),
    digest: cryptoDigest,
    consoleFiles: options.readConsole && createConsoleFiles(options.readConsole),
  });
  const timed = timedStart(withTenants(gatewayAlone, tenants), { metrics, clock });
  const gateway = withFlushedSpans(timed, telemetry);
  return {
    gateway,
    openBatches: openDesk,
    async close() {
      gateway.stop();
      await gateway.settled();
      batches.close();
      audit?.close();
      stores.close();
      await upstream.close();
      lines.flush();
    },
  };
}

/** Every line also where it becomes a metric of others than CloudWatch. */
function linesFor(write: (line: string) => void, telemetry: Telemetry | undefined): (line: string) => void {
  if (telemetry === undefined) return write;
  return (line) => {
    write(line);
    telemetry.takeLine(line);
  };
}

function openLines(heldMsMax: number): LineWriter {
  const lines = createLineWriter({ write: (text) => void process.stdout.write(text), heldMsMax });
  if (heldMsMax > 0) process.once('exit', lines.flush);
  return lines;
}

type OwnCredentials = () => Promise<AwsCredentials>;

interface Stores {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  readonly changes: ChangeLog;
  readonly verifications: VerificationStore;
  readonly keys: KeyStore;
  readonly rates: RateLedger;
  /** To tables of the gateway's own region. */
  readonly near: DynamodbCapacityLedgerOptions['client'];
  /** Of the gateway's own region. */
  readonly words: OperatorStore;
  /** The same once more, strongly consistent. Undefined where the configuration has no such set. */
  readonly controls: ControlStore | undefined;
  readonly health: HealthStore;
  /** Where routes and holds are written. */
  readonly routesAtHome: RouteStore;
  close(): void;
}

/**
 * Routes and keys from the replicas of the gateway's own region, rates from a table of its own account there, the rest
 * from home: all by ARN, under the own role.
 */
function openStores(options: GatewayRuntimeOptions, own: OwnCredentials): Stores {
  const { config, account, region, endpoint, clock } = options;
  const pool = createConnectionPool();
  const openClient = (at: string) => openDynamodb({ region: at, credentials: own, endpoint }, pool);
  const near = openClient(region);
  const home = openClient(config.home.region);
  const arnOf = (kind: TableKind, at: string) =>
    tableArn({ deployment: config.name, kind, account: config.home.account, region: at });
  const observed = arnOf('observations', config.home.region);
  const routeSettings = {
    models: Object.keys(config.models),
    regions: config.gateways,
    digest: cryptoDigest,
  };
  const here = { client: near, table: arnOf('routes', region), region };
  return {
    near,
    routes: createDynamodbRouteStore({
      historyDays: routeHistoryDays(config.audit),
      ...routeSettings,
      ...here,
      // A route is read again every few seconds: half the price and any replica node will do.
      consistentReads: false,
      callMsMax: STORE_MS_MAX,
    }),
    routesAtHome: withConfirmedHolds(
      createDynamodbRouteStore({
        historyDays: routeHistoryDays(config.audit),
        ...routeSettings,
        client: home,
        table: arnOf('routes', config.home.region),
        region: config.home.region,
      }),
      openControls(config, { client: home, region: config.home.region, clock }),
    ),
    controls: openControls(config, { client: near, region, clock, callMsMax: STORE_MS_MAX }),
    health: createDynamodbHealthStore(here),
    words: createDynamodbOperatorStore({
      ...here,
      // Home's too, where the command line writes unless it is told otherwise.
      regions: controlRegions(config),
      consistentReads: false,
      callMsMax: STORE_MS_MAX,
    }),
    observations: createDynamodbObservationStore({
      client: home,
      table: observed,
      places: observedPlaces(config),
      callMsMax: STORE_MS_MAX,
    }),
    changes: createDynamodbChangeLog({ client: home, table: observed, callMsMax: STORE_MS_MAX }),
    verifications: createDynamodbVerificationStore({ client: home, table: observed }),
    keys: createDynamodbKeyStore({
      client: near,
      table: arnOf('tenants', region),
      consistentReads: false,
      callMsMax: STORE_MS_MAX,
    }),
    rates: createDynamodbRateLedger({
      client: near,
      table: tableArn({ deployment: config.name, kind: 'ledger', account, region }),
    }),
    close: () => {
      near.destroy();
      home.destroy();
      pool.close();
    },
  };
}

/** Who keeps its slots in its own memory has nobody to tell. Without endpoints of one's own none sleeps. */
function openSharing(
  options: GatewayRuntimeOptions,
  client: DynamodbCapacityLedgerOptions['client'],
): Pick<GatewayDependencies, 'learned' | 'warmth'> {
  if (ledgerOf(options) === 'memory') return {};
  const { config, account, region } = options;
  const table = tableArn({ deployment: config.name, kind: 'capacity', account, region });
  const hasDedicated = Object.values(config.models).some(({ dedicated }) => dedicated.length > 0);
  return {
    learned: createDynamodbLearnedStore({ client, table }),
    warmth: hasDedicated ? createDynamodbWarmStore({ client, table }) : undefined,
  };
}

function ledgerOf({ config, capacityLedger, servesMany = false }: GatewayRuntimeOptions) {
  return config.capacity.ledger ?? capacityLedger ?? (servesMany ? 'blocks' : 'pages');
}

/** Slots in a table of the gateway's own account and region, unless this process is the only one. */
function openCapacity(
  options: GatewayRuntimeOptions,
  parts: Pick<DynamodbCapacityLedgerOptions, 'client' | 'clock' | 'random' | 'log'>,
): CapacityLedger {
  const { config, account, region, servesMany } = options;
  const { processesMax, safeShare: share } = config.capacity;
  const ledger = ledgerOf(options);
  if (ledger === 'memory') return createMemoryCapacityLedger();
  const table = tableArn({ deployment: config.name, kind: 'capacity', account, region });
  const shared =
    ledger === 'pages'
      ? createDynamodbCapacityLedger({ ...parts, table })
      : createDynamodbBlockLedger({ ...parts, table, holder: uuidRequestIds.next() });
  if (processesMax === undefined) return shared;
  // A dispatcher has several calls at a time, and so may each server.
  const callsMax = servesMany === true || config.batches.enabled ? undefined : 1;
  return createSafeCapacityLedger({ ledger: shared, clock: parts.clock, processesMax, share, callsMax });
}

function openUpstream(
  options: GatewayRuntimeOptions,
  own: OwnCredentials,
): { readonly client: UpstreamClient; readonly close: () => Promise<void> } {
  const { config, account, region, endpoint, clock = systemClock } = options;
  const roles = createAccessRoleAssumer({ deployment: config.name, region, own, endpoint });
  const now = () => clock.now();
  const credentials = createAccountCredentials({ ownAccount: account, own, assume: roles.assume, now });
  const client = createUpstreamClient({ credentials, endpoint, now });
  return {
    client,
    close: async () => {
      roles.close();
      await client.close();
    },
  };
}

function openLastGood(options: GatewayRuntimeOptions): LastGoodStore {
  const { config, account, region, lastGoodDirectory } = options;
  if (lastGoodDirectory === undefined) return createMemoryLastGoodStore();
  const path = join(lastGoodDirectory, `${config.name}-${account}-${region}-routes.json`);
  return createFileLastGoodStore({ path, digest: cryptoDigest });
}
