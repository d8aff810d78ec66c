import type { Target } from '../target.ts';

/**
 * The order in which one gateway tries its baseline: targets of its own account first, because they need no assumed
 * role and still answer when STS does not; otherwise as published.
 */
export function orderBaseline(targets: readonly Target[], gatewayAccount: string): readonly Target[] {
  const own = targets.filter((target) => target.account === gatewayAccount);
  return [...own, ...targets.filter((target) => target.account !== gatewayAccount)];
}
