/**
 * usecases/plan: one run over every (model, residency) of the configuration.
 *
 * Invariant: a run that cannot read everything it decides from changes nothing. Each route is published on its own,
 * under the condition that nobody published in between. The route store owns the state.
 *
 *     load all ─ plan each (core/plan) ─ publish the changed ─ remember refusals ─ metrics, log
 */
import { isHouseError } from '#core/errors/house-error.ts';
import { pages, type RefusalRow } from '#core/plan/guard.ts';
import type { RoutePlan } from '#core/plan/plan-route.ts';
import { forcedReason } from '#core/plan/publication-reason.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { ControlSetting } from './control-setting.ts';
import { type ForceOrder, orderFor, planAll } from './plan-all.ts';
import { type KnowledgeStores, loadKnowledge, type PlanKnowledge, routeKey } from './plan-knowledge.ts';
import { planPoints } from './plan-points.ts';
import type { PlannedRoute } from './planned-route.ts';
import { rememberRefusals } from './remember-refusals.ts';
import { sealRoute } from './seal-route.ts';

export interface PlanDependencies extends KnowledgeStores {
  readonly clock: Clock;
  readonly digest: Digest;
  readonly metrics: MetricSink;
  readonly log: Log;
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
  let known: PlanKnowledge;
  try {
    known = await loadKnowledge(dependencies);
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
  const known = await loadKnowledge(dependencies);
  return planAll({ setting, known, at: dependencies.clock.now(), force });
}

async function publishPlan(
  dependencies: PlanDependencies,
  known: PlanKnowledge,
  job: { readonly plan: RoutePlan; readonly at: number; readonly force: ForceOrder | undefined },
): Promise<PlannedRoute> {
  const { plan, at, force } = job;
  const { routes, digest, log } = dependencies;
  const key = routeKey(plan.model, plan.residency);
  const standing = known.routes.get(key)?.version ?? known.bad.get(key)?.version;
  const { draft } = plan;
  if (draft === undefined) return { ...plan, outcome: 'kept', version: standing };
  const order = plan.kind === 'publish' ? orderFor(force, plan.model, plan.residency) : undefined;
  const reason = order === undefined ? draft.reason : forcedReason(draft.reason, order);
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

function report(log: Log, routes: readonly PlannedRoute[], paging: readonly RefusalRow[]): void {
  for (const { kind, outcome, model, residency, why, version } of routes) {
    if (kind === 'unchanged') continue;
    const level = kind === 'refused' ? 'error' : kind === 'held' || outcome === 'conflict' ? 'warn' : 'info';
    log.write(level, 'route-planned', { model, residency, kind, outcome, version: version ?? null, why });
  }
  for (const { model, residency, runs, why } of paging)
    log.write('error', 'refusal-stands', { model, residency, runs, why });
}
