/** The plan of every (model, residency) of a configuration, from what a run knows. */
import { deniedTargets } from '#core/plan/denied-targets.ts';
import { indexObservations } from '#core/plan/observation-index.ts';
import { planRoute, type RoutePlan } from '#core/plan/plan-route.ts';
import type { PlannedModel } from '#core/plan/planned-model.ts';
import type { Hold } from '#core/plan/route.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ControlSetting } from './control-setting.ts';
import { type PlanKnowledge, routeKey } from './plan-knowledge.ts';

/** An operator's word that one route's change passes the guard. Never residency. */
export interface ForceOrder {
  readonly model: string;
  readonly residency: string;
  readonly by: string;
  readonly reason: string;
}

/** The order, where it is for this route. */
export function orderFor(
  order: ForceOrder | undefined,
  model: string,
  residency: string,
): ForceOrder | undefined {
  return order?.model === model && order.residency === residency ? order : undefined;
}

export function planAll(options: {
  readonly setting: ControlSetting;
  readonly known: PlanKnowledge;
  readonly at: number;
  readonly force: ForceOrder | undefined;
}): readonly RoutePlan[] {
  const { setting, known, at, force } = options;
  const { accounts, facts, sharing, guard } = setting;
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
        sharing,
        limits: guard,
        previous: known.routes.get(routeKey(model.name, policy.name)),
        hold: standingHold(known.holds, { model: model.name, residency: policy.name, at }),
        baseline: setting.baselineOf(model.name, policy.name),
        force: orderFor(force, model.name, policy.name) !== undefined,
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
