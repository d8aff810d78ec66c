/** The control loop of a chain world: discovery and plan over the real clients, in scaled time, with stores in memory. */
import {
  createConnectionPool,
  openBedrock,
  openSageMaker,
  openServiceQuotas,
} from '#adapters/aws/aws-clients.ts';
import { createBedrockModelCatalogue } from '#adapters/aws/bedrock-model-catalogue.ts';
import { createSageMakerEndpointInventory } from '#adapters/aws/sagemaker-endpoint-inventory.ts';
import { createServiceQuotasInventory } from '#adapters/aws/service-quotas-inventory.ts';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryMetricSink } from '#adapters/memory/memory-metric-sink.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';
import { discoverRegion } from '#usecases/discover/discover-region.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';

export interface ChainControl {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  /** One round over every region, and the plan after it. */
  round(): Promise<void>;
  /** Rounds as often as the configuration says, until it is closed. */
  start(): void;
  close(): Promise<void>;
}

/** In scaled time: a busy machine is no outage. */
const RUN_MS_MAX = 3_600_000;

export function createChainControl(
  config: SpillwayConfig,
  { url, clock }: { readonly url: string; readonly clock: Clock },
): ChainControl {
  const setting = controlSetting(config, shippedFacts);
  const routes = createMemoryRouteStore();
  const observations = createMemoryObservationStore();
  const pool = createConnectionPool();
  const shared = {
    ...{ clock, routes, observations },
    random: cryptoRandom,
    digest: cryptoDigest,
    refusals: createMemoryRefusalLedger(),
    verifications: createMemoryVerificationStore(),
    changes: createMemoryChangeLog(),
    metrics: createMemoryMetricSink(),
    log: { write: () => undefined },
  };
  const places = setting.accountRegions.map((place) => {
    const there = {
      region: place.region,
      credentials: async () => localCredentials(place.account),
      endpoint: url,
    };
    return {
      place,
      catalogue: createBedrockModelCatalogue(openBedrock(there, pool)),
      endpoints: createSageMakerEndpointInventory(openSageMaker(there, pool)),
      quotas: createServiceQuotasInventory(openServiceQuotas(there, pool)),
    };
  });
  const { everySeconds, applicationProfiles } = config.discovery;
  const round = async (): Promise<void> => {
    for (const { place, ...clients } of places)
      await discoverRegion(
        { ...shared, ...clients },
        {
          ...place,
          tracked: setting.tracked,
          dedicated: setting.dedicatedIn(place.account, place.region),
          applicationProfiles,
          ratePerSecond: 1000,
          everySeconds,
          runMsMax: RUN_MS_MAX,
          callMsMax: RUN_MS_MAX,
        },
      );
    await planRoutes(shared, setting);
  };
  const closing = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await clock.sleep(everySeconds * 1000, closing.signal).catch(() => undefined);
      if (!closing.signal.aborted) await round();
    }
  };
  return {
    routes,
    observations,
    round,
    start: () => {
      running = loop();
    },
    close: async () => {
      closing.abort();
      await running;
      pool.close();
    },
  };
}
