import type { Operation } from '#contract/operations.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ControlSetting } from '../plan/control-setting.ts';
import type { PlanDependencies } from '../plan/plan-routes.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import { auditFirst } from './audit-first.ts';
import { disableTarget } from './disable-target.ts';
import { forbiddenTargets } from './forbidden-targets.ts';
import { liftHold } from './lift-hold.ts';
import { pinRoute } from './pin-route.ts';
import { rollBackRoute } from './roll-back-route.ts';

export interface OperationDependencies
  extends Pick<PlanDependencies, 'clock' | 'observations' | 'digest' | 'log'> {
  /** Of the home region, where every route is written. */
  readonly routesAtHome: PlanDependencies['routes'];
  /** Of the gateway's own region: an outage at home must keep nobody from disabling a target. */
  readonly words: OperatorStore;
  readonly setting: ControlSetting;
  readonly facts: CompiledFacts;
}

/** What was done, as programs read it. */
export type OperationDone = Readonly<Record<string, unknown>> & {
  readonly operation: string;
  /** Of the order's entry in the operators' audit. */
  readonly auditId: string;
  /** Who ordered it, as the audit names them. */
  readonly by: string;
};

/**
 * Carries out an operator's order. The audit entry is written first: where it cannot be, nothing is done.
 *
 * @throws HouseError what the use cases refuse with, or what a store throws
 */
export async function runOperation(
  dependencies: OperationDependencies,
  operation: Operation,
  { by, requestId }: { readonly by: string; readonly requestId: string },
): Promise<OperationDone> {
  const { clock, words } = dependencies;
  const at = isoOfInstant(clock.now());
  const { name, order } = operation;
  await auditFirst(words, { id: requestId, at, by, operation: name, order });
  const done = await carryOut(dependencies, operation, { by, orderId: requestId });
  return { operation: name, auditId: requestId, by, ...done };
}

async function carryOut(
  dependencies: OperationDependencies,
  operation: Operation,
  { by, orderId }: { readonly by: string; readonly orderId: string },
): Promise<Readonly<Record<string, unknown>>> {
  const { clock, log, words, routesAtHome: routes } = dependencies;
  switch (operation.name) {
    case 'pin':
      return { ...(await pinRoute({ clock, log, routes }, { ...operation.order, by })) };
    case 'lift':
      return { ...(await liftHold({ clock, log, routes }, { ...operation.order, by })) };
    case 'disable':
      return { ...(await disableTarget({ clock, log, store: words }, { ...operation.order, by, orderId })) };
    case 'rollback':
      return rollBack(dependencies, operation.order, by);
  }
}

/** As the command line does it: a version that holds what is forbidden today is refused, unless that is to be left out. */
async function rollBack(
  dependencies: OperationDependencies,
  { hours, leaveOutForbidden, ...order }: Extract<Operation, { name: 'rollback' }>['order'],
  by: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { routesAtHome: routes, setting, facts } = dependencies;
  const { model, residency, version } = order;
  if (!leaveOutForbidden) {
    const wanted = (await routes.loadHistory(model, residency)).find((each) => each.version === version);
    const policy = setting.policies.find(({ name }) => name === residency);
    const forbidden = wanted === undefined ? [] : forbiddenTargets(wanted, policy, facts);
    if (forbidden.length > 0)
      throw houseError('version_forbidden', {
        message: `the residency ${residency} forbids ${forbidden.join(', ')} today: take another version, or set leaveOutForbidden`,
      });
  }
  const done = await rollBackRoute({ ...dependencies, routes }, setting, { ...order, by, holdHours: hours });
  const { route, hold, leftOut } = done;
  return { version: route.version, content: version, hold, leftOut };
}
