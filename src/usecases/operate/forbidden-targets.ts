import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Route } from '#core/plan/route.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';

/** Ids of the route's targets, baseline too, that the residency forbids today; all of them where there is no such one. */
export function forbiddenTargets(
  { targets, baseline }: Pick<Route, 'targets' | 'baseline'>,
  policy: ResidencyPolicy | undefined,
  facts: CompiledFacts,
): readonly string[] {
  return [...targets, ...baseline]
    .filter((target) => policy === undefined || !judgeReach({ policy, target, facts }).lawful)
    .map(({ id }) => id);
}
