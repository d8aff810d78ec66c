/**
 * The composition root of the control loop: discover, plan, verify and what operators do, over real AWS clients. The
 * functions and local mode share it.
 *
 * Nothing is called before a part is used. A discovery uses its own account's credentials only; plan and verify use
 * those of the home account, and the access role where verify calls another account's models.
 */
import { createAccountCredentials } from '#adapters/aws/account-credentials.ts';
import { createAccessRoleAssumer } from '#adapters/aws/assume-access-role.ts';
import {
  type ConnectionPool,
  createConnectionPool,
  openBedrock,
  openCloudWatch,
  openDynamodb,
  openSageMaker,
  openServiceQuotas,
} from '#adapters/aws/aws-clients.ts';
import { createBedrockModelCatalogue } from '#adapters/aws/bedrock-model-catalogue.ts';
import { createCloudWatchMetricSink } from '#adapters/aws/cloudwatch-metric-sink.ts';
import { createDynamodbChangeLog } from '#adapters/aws/dynamodb-change-log.ts';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { createDynamodbRefusalLedger } from '#adapters/aws/dynamodb-refusal-ledger.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { createSageMakerEndpointInventory } from '#adapters/aws/sagemaker-endpoint-inventory.ts';
import { createServiceQuotasInventory } from '#adapters/aws/service-quotas-inventory.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createUpstreamClient } from '#adapters/aws/upstream-client.ts';
import { createUpstreamTargetProber } from '#adapters/aws/upstream-target-prober.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { routeHistoryDays } from '#contract/audit.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { type TableKind, tableArn } from '#contract/resources.ts';
import type { RegionObservations } from '#core/discovery/observation.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Random } from '#core/units/random.ts';
import {
  type DiscoverDependencies,
  type DiscoverOutcome,
  discoverRegion,
} from '#usecases/discover/discover-region.ts';
import { type ReleaseOrder, releaseRegion } from '#usecases/operate/release-region.ts';
import { type Rollback, type RollbackOrder, rollBackRoute } from '#usecases/operate/roll-back-route.ts';
import { type ControlSetting, controlSetting } from '#usecases/plan/control-setting.ts';
import type { ForceOrder } from '#usecases/plan/plan-all.ts';
import { type PlanDependencies, type PlanRun, planRoutes } from '#usecases/plan/plan-routes.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { MetricSink } from '#usecases/ports/metric-sink.ts';
import { type VerifyRun, verifyTargets } from '#usecases/verify/verify-targets.ts';
import { controlRegions } from './control-regions.ts';
import { openControls, withConfirmedHolds } from './open-controls.ts';

export interface ControlRuntimeOptions {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** Where plan and verify run: home, or the standby region. */
  readonly region: string;
  /** Credentials of the process in an account. A function has only its own account's. */
  readonly credentialsFor: (account: string) => () => Promise<AwsCredentials>;
  /** One origin for every AWS service and region. @default AWS's own */
  readonly endpoint?: string | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** Calls a second to one account and region. @default `discovery.ratePerSecond` of the configuration */
  readonly ratePerSecond?: number | undefined;
  /** All calls of one discovery run end by then. @default 20000 */
  readonly discoverMsMax?: number | undefined;
  /** Takes every point that CloudWatch is told. @default nobody */
  readonly metricsBeside?: MetricSink | undefined;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface ControlRuntime {
  readonly setting: ControlSetting;
  /** One run over one account and region. It does not throw for what AWS does; the outcome says what failed. */
  discover(place: Place): Promise<DiscoverOutcome>;
  plan(force?: ForceOrder): Promise<PlanRun>;
  verify(): Promise<VerifyRun>;
  rollBack(order: RollbackOrder): Promise<Rollback>;
  releaseRegion(order: ReleaseOrder): Promise<RegionObservations>;
  close(): Promise<void>;
}

/** Puts the control loop together. Touches nothing outside the process until it is asked. */
export function createControlRuntime(options: ControlRuntimeOptions): ControlRuntime {
  const { config, facts } = options;
  const setting = controlSetting(config, facts);
  const pool = createConnectionPool();
  const discover = openDiscovery(options, setting, pool);
  const home = openHome(options, setting, pool);
  return {
    setting,
    discover,
    plan: (force) => planRoutes(home.dependencies, setting, force),
    verify: () => verifyTargets({ ...home.dependencies, prober: home.prober }, setting),
    rollBack: (order) => rollBackRoute(home.dependencies, setting, order),
    releaseRegion: (order) => releaseRegion(home.dependencies, order),
    async close() {
      pool.close();
      await home.close();
    },
  };
}

function arnOf(config: SpillwayConfig, kind: TableKind, region: string): string {
  return tableArn({ deployment: config.name, kind, account: config.home.account, region });
}

/** Discovery of any place of the configuration; what one place needs is opened when it first runs. */
function openDiscovery(
  options: ControlRuntimeOptions,
  setting: ControlSetting,
  pool: ConnectionPool,
): ControlRuntime['discover'] {
  const { everySeconds, applicationProfiles, ratePerSecond } = options.config.discovery;
  const places = new Map<string, DiscoverDependencies>();
  return (place) => {
    const key = `${place.account}/${place.region}`;
    const dependencies = places.get(key) ?? openPlace(options, pool, place);
    places.set(key, dependencies);
    return discoverRegion(dependencies, {
      ...place,
      tracked: setting.tracked,
      dedicated: setting.dedicatedIn(place.account, place.region),
      applicationProfiles,
      everySeconds,
      ratePerSecond: options.ratePerSecond ?? ratePerSecond,
      runMsMax: options.discoverMsMax,
    });
  };
}

function openPlace(
  options: ControlRuntimeOptions,
  pool: ConnectionPool,
  { account, region }: Place,
): DiscoverDependencies {
  const { config, credentialsFor, endpoint, log, clock = systemClock, random = cryptoRandom } = options;
  const credentials = credentialsFor(account);
  const there = { region, credentials, endpoint };
  const home = { region: config.home.region, credentials, endpoint };
  const table = arnOf(config, 'observations', config.home.region);
  const client = openDynamodb(home, pool);
  return {
    clock,
    random,
    log,
    catalogue: createBedrockModelCatalogue(openBedrock(there, pool)),
    endpoints: createSageMakerEndpointInventory(openSageMaker(there, pool)),
    quotas: createServiceQuotasInventory(openServiceQuotas(there, pool)),
    observations: createDynamodbObservationStore({ client, table, places: [{ account, region }] }),
    changes: createDynamodbChangeLog({ client, table }),
    metrics: createCloudWatchMetricSink({
      ...{ client: openCloudWatch(there, pool), clock, log },
      beside: options.metricsBeside,
    }),
  };
}

/** What plan, verify and operators share: the tables and metrics of the home account, in the region they run in. */
function openHome(options: ControlRuntimeOptions, setting: ControlSetting, pool: ConnectionPool) {
  const { config, region, credentialsFor, endpoint, log, clock = systemClock } = options;
  const { account } = config.home;
  const own = credentialsFor(account);
  const openTables = (at: string) => openDynamodb({ region: at, credentials: own, endpoint }, pool);
  const here = openTables(region);
  const observed = region === config.home.region ? here : openTables(config.home.region);
  const observationTable = { client: observed, table: arnOf(config, 'observations', config.home.region) };
  const routeTable = { client: here, table: arnOf(config, 'routes', region), region };
  const cloudwatch = openCloudWatch({ region, credentials: own, endpoint }, pool);
  const routes = createDynamodbRouteStore({
    historyDays: routeHistoryDays(config.audit),
    ...routeTable,
    models: setting.models.map((model) => model.name),
    regions: controlRegions(config),
    digest: cryptoDigest,
  });
  const dependencies: PlanDependencies = {
    clock,
    log,
    digest: cryptoDigest,
    observations: createDynamodbObservationStore({ ...observationTable, places: setting.accountRegions }),
    verifications: createDynamodbVerificationStore(observationTable),
    routes: withConfirmedHolds(routes, openControls(config, { client: here, region, clock })),
    refusals: createDynamodbRefusalLedger(routeTable),
    metrics: createCloudWatchMetricSink({ client: cloudwatch, clock, log, beside: options.metricsBeside }),
  };
  const roles = createAccessRoleAssumer({ deployment: config.name, region, own, endpoint });
  const now = () => clock.now();
  const credentials = createAccountCredentials({ ownAccount: account, own, assume: roles.assume, now });
  const client = createUpstreamClient({ credentials, endpoint, now });
  return {
    dependencies,
    prober: createUpstreamTargetProber({ invoker: createTargetInvoker(client) }),
    close: async () => {
      roles.close();
      await client.close();
    },
  };
}
