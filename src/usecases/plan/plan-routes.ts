/**
 * usecases/plan: one run over every (model, residency) of the configuration.
 *
 * Invariant: a run that cannot read everything it decides from changes nothing. Each route is published on its own,
 * under the condition that nobody published in between. The route store owns the state.
 *
 *     load all ─ plan each (core/plan) ─ publish the changed ─ remember refusals ─ metrics, log
 */
import { isHouseError } from '#core/errors/house-error.ts';
import { deniedTargets } from '#core/plan/denied-targets.ts';
import { continueRefusal, pages, type RefusalRow } from '#core/plan/guard.ts';
import { indexObservations } from '#core/plan/observation-index.ts';
import { planRoute, type RoutePlan } from '#core/plan/plan-route.ts';
import type { PlannedModel } from '#core/plan/planned-model.ts';
import type { Hold, Route } from '#core/plan/route.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import type { RefusalLedger } from '../ports/refusal-ledger.ts';
import type { BadRouteItem, RouteStore } from '../ports/route-store.ts';
import type { VerificationStore } from '../ports/verification-store.ts';
import type { ControlSetting } from './control-setting.ts';
import { planPoints } from './plan-points.ts';
import type { PlannedRoute } from './planned-route.ts';
import { sealRoute } from './seal-route.ts';

export interface PlanDependencies {
  readonly clock: Clock;
  readonly observations: ObservationStore;
  readonly routes: RouteStore;
  readonly refusals: RefusalLedger;
  readonly verifications: VerificationStore;
  readonly digest: Digest;
  readonly metrics: MetricSink;
  readonly log: Log;
}

/** An operator's word that one route's change passes the guard. Never residency. */
export interface ForceOrder {
  readonly model: string;
  readonly residency: string;
  readonly by: string;
  readonly reason: string;
}

export type PlanRun =
  | {
      readonly kind: 'planned';
      readonly routes: readonly PlannedRoute[];
      /** Refusals that stand for three runs and fifteen minutes. */
      readonly paging: readonly RefusalRow[];
      readonly badItems: number;
    }
  /** Something that decisions are made from could not be read: nothing was changed. */
  | { readonly kind: 'not-planned'; readonly why: string };

export async function planRoutes(
  dependencies: PlanDependencies,
  setting: ControlSetting,
  force?: ForceOrder,
): Promise<PlanRun> {
  const { clock, log } = dependencies;
  let known: Known;
  try {
    known = await loadKnown(dependencies);
  } catch (error) {
    if (!isHouseError(error)) throw error;
    log.write('error', 'plan-not-planned', { code: error.code, message: error.message });
    return { kind: 'not-planned', why: `${error.code}: ${error.message}` };
  }
  const at = clock.now();
  if (force !== undefined) log.write('warn', 'operator-forced', { ...force });
  const plans = planAll({ setting, known, at, force });
  const routes = await Promise.all(
    plans.map((plan) => publishPlan(dependencies, known, { plan, at, force })),
  );
  const rows = await rememberRefusals(dependencies, { routes, rows: known.refusals, at });
  const paging = rows.filter((row) => pages(row, at));
  const { badItems, regions } = known;
  await dependencies.metrics.publish(planPoints({ setting, regions, routes, paging, badItems, at }));
  report(log, routes, paging);
  return { kind: 'planned', routes, paging, badItems };
}

/** What a run would do now, and publishes nothing. @throws what a store throws that cannot be read */
export async function showPlans(
  dependencies: PlanDependencies,
  setting: ControlSetting,
  force?: ForceOrder,
): Promise<readonly RoutePlan[]> {
  const known = await loadKnown(dependencies);
  return planAll({ setting, known, at: dependencies.clock.now(), force });
}

interface Known {
  readonly regions: Awaited<ReturnType<ObservationStore['loadAll']>>['regions'];
  readonly routes: ReadonlyMap<string, Route>;
  readonly bad: ReadonlyMap<string, BadRouteItem>;
  readonly badItems: number;
  readonly holds: readonly Hold[];
  readonly signals: Awaited<ReturnType<RouteStore['loadSignals']>>;
  readonly verifications: Awaited<ReturnType<VerificationStore['loadAll']>>;
  readonly refusals: readonly RefusalRow[];
}

async function loadKnown(dependencies: PlanDependencies): Promise<Known> {
  const { observations, routes: store, refusals, verifications } = dependencies;
  const [observed, stored, holds, signals, proofs, rows] = await Promise.all([
    observations.loadAll(),
    store.loadAll(),
    store.loadHolds(),
    store.loadSignals(),
    verifications.loadAll(),
    refusals.loadAll(),
  ]);
  return {
    regions: observed.regions,
    routes: new Map(stored.routes.map((route) => [routeKey(route.model, route.residency), route])),
    bad: new Map((stored.bad ?? []).map((item) => [routeKey(item.model, item.residency), item])),
    badItems: observed.badItems + stored.badItems,
    holds,
    signals,
    verifications: proofs,
    refusals: rows,
  };
}

function routeKey(model: string, residency: string): string {
  return `${model}#${residency}`;
}

function planAll(options: {
  readonly setting: ControlSetting;
  readonly known: Known;
  readonly at: number;
  readonly force: ForceOrder | undefined;
}): readonly RoutePlan[] {
  const { setting, known, at, force } = options;
  const { accounts, facts, gateways, guard } = setting;
  const observations = indexObservations({ regions: known.regions, accounts, at, ageMsMax: guard.ageMsMax });
  const denied = deniedTargets({ signals: known.signals, verifications: known.verifications, at });
  return setting.models.flatMap((model) =>
    setting.policies.map((policy) => {
      if (known.bad.get(routeKey(model.name, policy.name))?.why === 'schema')
        return refusedForSchema(model, policy);
      return planRoute({
        model,
        policy,
        facts,
        observations,
        denied,
        gateways,
        limits: guard,
        previous: known.routes.get(routeKey(model.name, policy.name)),
        hold: standingHold(known.holds, { model: model.name, residency: policy.name, at }),
        baseline: setting.baselineOf(model.name, policy.name),
        force: force?.model === model.name && force.residency === policy.name,
      });
    }),
  );
}

function refusedForSchema(model: PlannedModel, policy: ResidencyPolicy): RoutePlan {
  const why = 'the stored route has a schema that this version does not know';
  return {
    kind: 'refused',
    model: model.name,
    residency: policy.name,
    why,
    refusal: { code: 'schema-unknown', why },
    added: [],
    removed: [],
  };
}

/** Of several the one that stands longest: readers take the strictest. */
function standingHold(
  holds: readonly Hold[],
  which: { readonly model: string; readonly residency: string; readonly at: number },
): Hold | undefined {
  const now = isoOfInstant(which.at);
  return holds
    .filter((hold) => hold.model === which.model && hold.residency === which.residency && hold.until > now)
    .sort((left, right) => (left.until > right.until ? -1 : 1))[0];
}

async function publishPlan(
  dependencies: PlanDependencies,
  known: Known,
  job: { readonly plan: RoutePlan; readonly at: number; readonly force: ForceOrder | undefined },
): Promise<PlannedRoute> {
  const { plan, at, force } = job;
  const { routes, digest, log } = dependencies;
  const key = routeKey(plan.model, plan.residency);
  const standing = known.routes.get(key)?.version ?? known.bad.get(key)?.version;
  const { draft } = plan;
  if (draft === undefined) return { ...plan, outcome: 'kept', version: standing };
  const forced = force?.model === plan.model && force.residency === plan.residency && plan.kind === 'publish';
  const reason = forced ? `forced by ${force.by} (${force.reason}): ${draft.reason}` : draft.reason;
  const route = sealRoute({ ...draft, reason }, { version: (standing ?? 0) + 1, at, digest });
  try {
    const published = await routes.publish(route);
    return published
      ? { ...plan, outcome: 'published', version: route.version }
      : { ...plan, outcome: 'conflict', version: standing };
  } catch (error) {
    // One route's write costs that route only; the next run tries again.
    if (!isHouseError(error)) throw error;
    const { model, residency } = plan;
    log.write('error', 'route-not-published', { model, residency, code: error.code, message: error.message });
    return { ...plan, outcome: 'conflict', version: standing };
  }
}

/** Keeps the rows of refusals that go on, ends those that passed. Answers the rows that stand. */
async function rememberRefusals(
  { refusals, log }: PlanDependencies,
  run: {
    readonly routes: readonly PlannedRoute[];
    readonly rows: readonly RefusalRow[];
    readonly at: number;
  },
): Promise<readonly RefusalRow[]> {
  const before = new Map(run.rows.map((row) => [routeKey(row.model, row.residency), row]));
  const standing: RefusalRow[] = [];
  const writes: Promise<void>[] = [];
  for (const { kind, refusal, model, residency } of run.routes) {
    const row = before.get(routeKey(model, residency));
    if (kind === 'refused' && refusal !== undefined) {
      const next = continueRefusal(row, { ...refusal, model, residency }, run.at);
      standing.push(next);
      writes.push(refusals.save(next));
    } else if (row !== undefined && kind !== 'held') {
      writes.push(refusals.delete(model, residency));
    }
  }
  for (const result of await Promise.allSettled(writes)) {
    if (result.status === 'rejected')
      log.write('warn', 'refusal-not-kept', { message: String(result.reason) });
  }
  return standing;
}

function report(log: Log, routes: readonly PlannedRoute[], paging: readonly RefusalRow[]): void {
  for (const { kind, outcome, model, residency, why, version } of routes) {
    if (kind === 'unchanged') continue;
    const level = kind === 'refused' ? 'error' : kind === 'held' || outcome === 'conflict' ? 'warn' : 'info';
    log.write(level, 'route-planned', { model, residency, kind, outcome, version: version ?? null, why });
  }
  for (const { model, residency, runs, why } of paging)
    log.write('error', 'refusal-stands', { model, residency, runs, why });
}
