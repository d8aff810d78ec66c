import { houseError } from '#core/errors/catalogue.ts';
import type { RoutePlan } from '#core/plan/plan-route.ts';
import { invariant } from '#core/units/invariant.ts';
import type { ControlSetting } from '../plan/control-setting.ts';
import type { ForceOrder } from '../plan/plan-all.ts';
import { type PlanDependencies, planRoutes, showPlans } from '../plan/plan-routes.ts';
import type { PlannedRoute } from '../plan/planned-route.ts';

export interface PublishOrder extends ForceOrder {
  /** Passes the guard and a hold. Never residency: no plan holds an unlawful target, whatever is forced. */
  readonly force: boolean;
}

/** Plan alone says how a fleet stands: a run over one route would make its metrics wrong. */
export type PublishDependencies = Omit<PlanDependencies, 'metrics'>;

/** What publishing would do now. Changes nothing. @throws HouseError `route_unknown`, or what a store throws */
export async function showPublication(
  dependencies: PublishDependencies,
  setting: ControlSetting,
  order: PublishOrder,
): Promise<RoutePlan> {
  const plans = await showPlans(withoutMetrics(dependencies), onlyRoute(setting, order), forceOf(order));
  return onlyOne(plans);
}

/**
 * Publishes what plan wants of one route now, instead of at its next run; with `force` against the guard and a hold.
 * The order is logged before anything is written.
 *
 * @throws HouseError `route_unknown`, `upstream_unavailable` (something to decide from could not be read)
 */
export async function publishRoute(
  dependencies: PublishDependencies,
  setting: ControlSetting,
  order: PublishOrder,
): Promise<PlannedRoute> {
  const only = onlyRoute(setting, order);
  dependencies.log.write('warn', 'operator-published', { ...order });
  const run = await planRoutes(withoutMetrics(dependencies), only, forceOf(order));
  if (run.kind === 'not-planned') throw houseError('upstream_unavailable', { message: run.why });
  return onlyOne(run.routes);
}

function onlyRoute(setting: ControlSetting, { model, residency }: PublishOrder): ControlSetting {
  const models = setting.models.filter((each) => each.name === model);
  const policies = setting.policies.filter((each) => each.name === residency);
  if (models.length > 0 && policies.length > 0) return { ...setting, models, policies };
  throw houseError('route_unknown', {
    message: `the configuration has no route of model ${model} for residency ${residency}`,
  });
}

function withoutMetrics(dependencies: PublishDependencies): PlanDependencies {
  return { ...dependencies, metrics: { publish: async () => undefined } };
}

function forceOf({ force, ...order }: PublishOrder): ForceOrder | undefined {
  return force ? order : undefined;
}

function onlyOne<Plan extends RoutePlan>(plans: readonly Plan[]): Plan {
  const [plan] = plans;
  invariant(plan !== undefined && plans.length === 1, 'one model and one residency make one route');
  return plan;
}
