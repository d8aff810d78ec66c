import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Target } from '../target.ts';

/** Those whose reach the residency allows, in their order. What stood in a route yesterday is judged again. */
export function lawfulTargets(
  targets: readonly Target[],
  policy: ResidencyPolicy,
  facts: CompiledFacts,
): readonly Target[] {
  return targets.filter((target) => judgeReach({ policy, target, facts }).lawful);
}
