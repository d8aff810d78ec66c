import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { RoutePlan } from '#core/plan/plan-route.ts';
import type { Route } from '#core/plan/route.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { forbiddenTargets } from '#usecases/operate/forbidden-targets.ts';
import { type LiftedHold, type LiftOrder, liftHold } from '#usecases/operate/lift-hold.ts';
import { type PublishOrder, publishRoute, showPublication } from '#usecases/operate/publish-route.ts';
import { releaseRegion } from '#usecases/operate/release-region.ts';
import { type Rollback, type RollbackOrder, rollBackRoute } from '#usecases/operate/roll-back-route.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import type { PlannedRoute } from '#usecases/plan/planned-route.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { RefusalLedger } from '#usecases/ports/refusal-ledger.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { VerificationStore } from '#usecases/ports/verification-store.ts';
import { type OperationResult, refusable } from './operation-result.ts';

/** The tables of a deployment and what an operator may do to them. */
export interface CliStores {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  readonly verifications: Pick<VerificationStore, 'loadAll'>;
  /** Ids of the route's targets, baseline too, that its residency forbids today. */
  forbiddenTargets(route: Route): readonly string[];
  /** Publishes an old version again, with a hold. */
  rollback(order: RollbackOrder): Promise<OperationResult<Pick<Rollback, 'route' | 'hold' | 'leftOut'>>>;
  /** Ends a hold of the region that was opened. */
  liftHold(order: LiftOrder): Promise<OperationResult<LiftedHold>>;
  /** What `publish` would do now. Changes nothing. */
  showPublication(order: PublishOrder): Promise<RoutePlan>;
  /** Publishes what plan wants of one route. */
  publish(order: PublishOrder): Promise<OperationResult<{ readonly plan: PlannedRoute }>>;
  releaseRegion(request: {
    readonly account: string;
    readonly region: string;
    readonly reason: string;
    readonly by: string;
  }): Promise<OperationResult<{ readonly released: number }>>;
  close(): void;
}

export interface CliTables {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  readonly verifications: VerificationStore;
  readonly refusals: RefusalLedger;
  readonly close: () => void;
}

export interface CliStoresOptions extends CliTables {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly clock: Clock;
  /** Takes one audit line with its end. */
  readonly audit: (line: string) => void;
}

/** Puts the operators' use cases over the stores. */
export function createCliStores(options: CliStoresOptions): CliStores {
  const { config, facts, clock, routes, observations, verifications, refusals } = options;
  const log = createJsonLineLog({ clock, write: options.audit });
  const stores = { routes, observations, verifications, refusals };
  const dependencies = { clock, ...stores, digest: cryptoDigest, log };
  return {
    routes,
    observations,
    verifications,
    forbiddenTargets: (route) => forbiddenNow(route, config, facts),
    rollback: (order) =>
      refusable(async () => await rollBackRoute(dependencies, controlSetting(config, facts), order)),
    liftHold: (order) => refusable(() => liftHold(dependencies, order)),
    showPublication: (order) => showPublication(dependencies, controlSetting(config, facts), order),
    publish: (order) =>
      refusable(async () => ({
        plan: await publishRoute(dependencies, controlSetting(config, facts), order),
      })),
    releaseRegion: (order) =>
      refusable(async () => ({ released: (await releaseRegion(dependencies, order)).targets.length })),
    close: options.close,
  };
}

function forbiddenNow(route: Route, config: SpillwayConfig, facts: CompiledFacts): readonly string[] {
  const spec = config.residencies[route.residency];
  const policy = spec === undefined ? undefined : resolveResidency(route.residency, spec, facts);
  return forbiddenTargets(route, policy, facts);
}
