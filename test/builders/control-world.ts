/** The whole control loop over memory adapters: fake regions below, the real use cases above, virtual time. */
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryMetricSink } from '#adapters/memory/memory-metric-sink.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { createFakeRegion, type FakeRegion } from '#test/builders/fake-region.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { type DiscoverOutcome, discoverRegion } from '#usecases/discover/discover-region.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import type { ForceOrder } from '#usecases/plan/plan-all.ts';
import { type PlanRun, planRoutes } from '#usecases/plan/plan-routes.ts';

interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type ControlWorld = ReturnType<typeof createControlWorld>;

const worldStart = Date.UTC(2026, 7, 21);

export function createControlWorld(config: SpillwayConfig, facts: CompiledFacts = shippedFacts) {
  const clock = createVirtualClock(worldStart);
  const random = createSeededRandom(7);
  const setting = controlSetting(config, facts);
  const observations = createMemoryObservationStore();
  const routes = createMemoryRouteStore();
  const refusals = createMemoryRefusalLedger();
  const verifications = createMemoryVerificationStore();
  const changes = createMemoryChangeLog();
  const metrics = createMemoryMetricSink();
  const lines: LogLine[] = [];
  const log = {
    write: (level: string, event: string, more: Readonly<Record<string, unknown>> = {}): void => {
      lines.push({ level, event, facts: more });
    },
  };
  const regions = new Map<string, FakeRegion>(
    setting.accountRegions.map(({ account, region }) => [`${account}/${region}`, createFakeRegion()]),
  );
  const region = (account: string, name: string): FakeRegion => {
    const found = regions.get(`${account}/${name}`);
    if (found === undefined) throw new Error(`${account}/${name} does not stand in the configuration`);
    return found;
  };
  const dependencies = {
    clock,
    observations,
    routes,
    refusals,
    verifications,
    digest: cryptoDigest,
    metrics,
    log,
  };
  const discover = (account: string, name: string): Promise<DiscoverOutcome> => {
    const { catalogue, inventory, quotaInventory } = region(account, name);
    return discoverRegion(
      { ...dependencies, random, catalogue, endpoints: inventory, quotas: quotaInventory, changes },
      {
        account,
        region: name,
        tracked: setting.tracked,
        dedicated: setting.dedicatedIn(account, name),
        applicationProfiles: false,
        ratePerSecond: 1000,
        everySeconds: 60,
      },
    );
  };
  return {
    clock,
    setting,
    dependencies,
    changes,
    metrics,
    lines,
    region,
    discover,
    /** One run of every region, a minute after the last one. */
    async discoverAll(): Promise<readonly DiscoverOutcome[]> {
      clock.advance(60_000);
      const outcomes: DiscoverOutcome[] = [];
      for (const place of setting.accountRegions) outcomes.push(await discover(place.account, place.region));
      return outcomes;
    },
    plan: (force?: ForceOrder): Promise<PlanRun> => planRoutes(dependencies, setting, force),
    /** Ids of a route's targets in published order; undefined when nothing was published. */
    async targetIds(model: string, residency: string): Promise<readonly string[] | undefined> {
      const route = await routes.load(model, residency);
      return route?.targets.map((target) => target.id);
    },
  };
}
