/** Plan as a function, invoked when observations change and on a schedule. What invoked it does not matter. */
import middy from '@middy/core';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlRuntime } from '#runtime/control-runtime.ts';
import { startDeployedControl } from '#runtime/deployed-control.ts';
import type { PlannedRoute } from '#usecases/plan/planned-route.ts';

export interface PlanSummary {
  readonly published: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly held: number;
  readonly conflicts: number;
  readonly badItems: number;
}

/** @param start makes the runtime with the first event, so that loading the module does no work */
export function createPlanHandler(start: () => Pick<ControlRuntime, 'plan'>) {
  let runtime: Pick<ControlRuntime, 'plan'> | undefined;
  return middy<unknown, PlanSummary>().handler(async () => {
    runtime ??= start();
    const run = await runtime.plan();
    if (run.kind === 'not-planned')
      throw houseError('upstream_unavailable', { message: `nothing was planned: ${run.why}` });
    const { routes } = run;
    const count = (matches: (route: PlannedRoute) => boolean): number => routes.filter(matches).length;
    return {
      published: count(({ outcome }) => outcome === 'published'),
      unchanged: count(({ kind }) => kind === 'unchanged'),
      refused: count(({ kind }) => kind === 'refused'),
      held: count(({ kind }) => kind === 'held'),
      conflicts: count(({ outcome }) => outcome === 'conflict'),
      badItems: run.badItems,
    };
  });
}

export const handler = createPlanHandler(startDeployedControl);
