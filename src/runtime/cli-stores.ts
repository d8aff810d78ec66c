import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { RoutePlan } from '#core/plan/plan-route.ts';
import type { Route } from '#core/plan/route.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { auditFirst } from '#usecases/operate/audit-first.ts';
import {
  type DisabledWord,
  type DisableTargetOrder,
  disableTarget,
} from '#usecases/operate/disable-target.ts';
import { forbiddenTargets } from '#usecases/operate/forbidden-targets.ts';
import { type LiftedHold, type LiftOrder, liftHold } from '#usecases/operate/lift-hold.ts';
import { type PinnedRoute, type PinRouteOrder, pinRoute } from '#usecases/operate/pin-route.ts';
import { type PublishOrder, publishRoute, showPublication } from '#usecases/operate/publish-route.ts';
import { type ReleaseOrder, releaseRegion } from '#usecases/operate/release-region.ts';
import { type Rollback, type RollbackOrder, rollBackRoute } from '#usecases/operate/roll-back-route.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import type { PlannedRoute } from '#usecases/plan/planned-route.ts';
import type { ChangeLog } from '#usecases/ports/change-log.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { OperatorStore } from '#usecases/ports/operator-store.ts';
import type { RefusalLedger } from '#usecases/ports/refusal-ledger.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { VerificationStore } from '#usecases/ports/verification-store.ts';
import { type OperationResult, refusable } from './operation-result.ts';

/** The tables of a deployment and what an operator may do to them, each after its entry in the audit of the region. */
export interface CliStores {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  readonly changes: Pick<ChangeLog, 'load'>;
  readonly verifications: Pick<VerificationStore, 'loadAll'>;
  /** What operators said of targets, in every region. */
  readonly words: Pick<OperatorStore, 'region' | 'loadDisabled'>;
  /** Ids of the route's targets, baseline too, that its residency forbids today. */
  forbiddenTargets(route: Route): readonly string[];
  /** Publishes an old version again, with a hold. */
  rollback(order: RollbackOrder): Promise<OperationResult<Pick<Rollback, 'route' | 'hold' | 'leftOut'>>>;
  /** Holds a route as it stands. */
  pin(order: PinRouteOrder): Promise<OperationResult<PinnedRoute>>;
  /** Ends a hold of the region that was opened. */
  liftHold(order: LiftOrder): Promise<OperationResult<LiftedHold>>;
  /** Takes a target out of every gateway's choice by the word of the region that was opened, or ends that word. */
  disable(order: DisableTargetOrder): Promise<OperationResult<DisabledWord>>;
  /** What `publish` would do now. Changes nothing. */
  showPublication(order: PublishOrder): Promise<RoutePlan>;
  /** Publishes what plan wants of one route. */
  publish(order: PublishOrder): Promise<OperationResult<{ readonly plan: PlannedRoute }>>;
  releaseRegion(order: ReleaseOrder): Promise<OperationResult<{ readonly released: number }>>;
  close(): void;
}

export interface CliTables {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  readonly changes: Pick<ChangeLog, 'load'>;
  readonly verifications: VerificationStore;
  readonly refusals: RefusalLedger;
  readonly words: OperatorStore;
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
  const { config, facts, clock, routes, observations, verifications, refusals, words } = options;
  const log = createJsonLineLog({ clock, write: options.audit });
  const stores = { routes, observations, verifications, refusals };
  const dependencies = { clock, ...stores, digest: cryptoDigest, log };
  const setting = () => controlSetting(config, facts);
  const ordered = orderTaker(words, clock);
  return {
    routes,
    observations,
    changes: options.changes,
    verifications,
    words,
    forbiddenTargets: (route) => forbiddenNow(route, config, facts),
    rollback: (order) => ordered('rollback', order, () => rollBackRoute(dependencies, setting(), order)),
    pin: (order) => ordered('pin', order, () => pinRoute(dependencies, order)),
    liftHold: (order) => ordered('lift-hold', order, () => liftHold(dependencies, order)),
    disable: (order) =>
      ordered(order.hours === 0 ? 'enable' : 'disable', order, (orderId) =>
        disableTarget({ clock, store: words, log }, { ...order, orderId }),
      ),
    showPublication: (order) => showPublication(dependencies, setting(), order),
    publish: (order) =>
      ordered('publish', order, async () => ({ plan: await publishRoute(dependencies, setting(), order) })),
    releaseRegion: (order) =>
      ordered('release-region', order, async () => ({
        released: (await releaseRegion(dependencies, order)).targets.length,
      })),
    close: options.close,
  };
}

/** Carries an order out once its entry stands in the audit of the store's region. */
function orderTaker(words: OperatorStore, clock: Clock) {
  return <Done>(
    operation: string,
    { by, ...order }: { readonly by: string },
    act: (orderId: string) => Promise<Done>,
  ): Promise<OperationResult<Done>> =>
    refusable(async () => {
      const at = isoOfInstant(clock.now());
      const id = uuidRequestIds.next();
      await auditFirst(words, { id, at, by, operation, order });
      return await act(id);
    });
}

function forbiddenNow(route: Route, config: SpillwayConfig, facts: CompiledFacts): readonly string[] {
  const spec = config.residencies[route.residency];
  const policy = spec === undefined ? undefined : resolveResidency(route.residency, spec, facts);
  return forbiddenTargets(route, policy, facts);
}
