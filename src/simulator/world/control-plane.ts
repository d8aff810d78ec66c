import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { discoverRegion } from '#usecases/discover/discover-region.ts';
import { type ControlSetting, controlSetting } from '#usecases/plan/control-setting.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { Chance, Draw } from '../engine/chance.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { RegionCatalogue, type RegionTruth } from './region-catalogue.ts';

export interface ControlPlaneParts {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly digest: Digest;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly routes: RouteStore;
  readonly log: Log;
  /** What is true of each region, by its name. */
  readonly truthOf: (region: string) => RegionTruth;
}

interface DiscoveredPlace {
  readonly account: string;
  readonly region: string;
  readonly lists: RegionCatalogue;
}

/** The shipped discovery and plan over what the world's regions list. */
export class ControlPlane {
  readonly observations: ObservationStore = createMemoryObservationStore();
  readonly #parts: ControlPlaneParts;
  readonly #setting: ControlSetting;
  readonly #random: Draw;
  readonly #clock: Clock;
  readonly #places: readonly DiscoveredPlace[];
  readonly #stores = {
    changes: createMemoryChangeLog(),
    refusals: createMemoryRefusalLedger(),
    verifications: createMemoryVerificationStore(),
  };
  readonly #metrics = { publish: async () => undefined };
  #stopped = false;

  constructor(parts: ControlPlaneParts) {
    const { config, facts, chance, time, truthOf } = parts;
    this.#parts = parts;
    this.#setting = controlSetting(config, facts);
    this.#random = chance.stream('control-plane');
    this.#clock = time.clock();
    const models = [...this.#setting.tracked];
    this.#places = this.#setting.accountRegions.map(({ account, region }) => ({
      account,
      region,
      lists: new RegionCatalogue(facts, models, truthOf(region)),
    }));
  }

  /** One round of everything: what a deployment has before its first request. */
  async begin(): Promise<void> {
    await Promise.all(this.#places.map((place) => this.#discover(place)));
    await this.plan();
  }

  /** Goes on by its schedule until it is stopped. */
  start(): void {
    const everyMs = this.#parts.config.discovery.everySeconds * 1000;
    for (const place of this.#places)
      this.#repeat(everyMs * this.#random.next(), everyMs, () => this.#discover(place));
    this.#repeat(everyMs * this.#random.next(), everyMs, () => this.plan());
  }

  stop(): void {
    this.#stopped = true;
  }

  async plan(): Promise<void> {
    const { routes, digest, log } = this.#parts;
    await planRoutes(
      {
        clock: this.#clock,
        log,
        digest,
        routes,
        observations: this.observations,
        metrics: this.#metrics,
        ...this.#stores,
      },
      this.#setting,
    );
  }

  async #discover({ account, region, lists }: DiscoveredPlace): Promise<void> {
    const { config, log } = this.#parts;
    const { everySeconds, applicationProfiles, ratePerSecond } = config.discovery;
    await discoverRegion(
      {
        clock: this.#clock,
        random: this.#random,
        log,
        catalogue: lists,
        endpoints: lists,
        quotas: lists,
        observations: this.observations,
        changes: this.#stores.changes,
        metrics: this.#metrics,
      },
      {
        account,
        region,
        tracked: this.#setting.tracked,
        dedicated: this.#setting.dedicatedIn(account, region),
        applicationProfiles,
        everySeconds,
        ratePerSecond,
      },
    );
  }

  #repeat(firstMs: number, everyMs: number, run: () => Promise<void>): void {
    this.#parts.time.after(firstMs, () => {
      if (this.#stopped) return false;
      void run();
      return this.#repeat(everyMs, everyMs, run);
    });
  }
}
