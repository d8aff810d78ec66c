/** The published order of a route: the same for every reader, wherever it stands. */
import { type Pricing, type Scope, type Target, type TargetState, tierOf } from '../target.ts';

const SCOPE_RANK: Readonly<Record<Scope, number>> = { dedicated: 0, 'in-region': 1, geo: 2, global: 3 };

/** Warm before warming before cold; serverless states have no warmth. */
const WARMTH_RANK: Readonly<Partial<Record<TargetState, number>>> = { warming: 1, cold: 2 };

/** Tier, candidate position, scope, warmth, lifecycle, price, id. Negative when `left` comes first. */
export function compareTargets(left: Target, right: Target): number {
  return (
    tierRank(left) - tierRank(right) ||
    left.position - right.position ||
    scopeRank(left) - scopeRank(right) ||
    warmthRank(left) - warmthRank(right) ||
    lifecycleRank(left) - lifecycleRank(right) ||
    comparePrice(left.pricing, right.pricing) ||
    (left.id < right.id ? -1 : left.id === right.id ? 0 : 1)
  );
}

export function tierRank(target: Pick<Target, 'scope'>): number {
  return tierOf(target) === 'dedicated' ? 0 : 1;
}

export function scopeRank(target: Pick<Target, 'scope'>): number {
  return SCOPE_RANK[target.scope];
}

export function warmthRank(target: Pick<Target, 'state'>): number {
  return WARMTH_RANK[target.state] ?? 0;
}

/** A model that its provider retires comes after one that stays; a lifecycle nobody told us counts as staying. */
function lifecycleRank(target: Pick<Target, 'state' | 'lifecycle'>): number {
  return target.state === 'legacy' || target.lifecycle === 'LEGACY' ? 1 : 0;
}

/** By input plus output price; an unknown price comes last. */
function comparePrice(left: Pricing | null, right: Pricing | null): number {
  const [leftSum, rightSum] = [priceSum(left), priceSum(right)];
  if (leftSum === rightSum) return 0;
  return leftSum < rightSum ? -1 : 1;
}

function priceSum(pricing: Pricing | null): number {
  const input = pricing?.inputMicroUsdPerMillionTokens ?? null;
  if (input === null) return Number.POSITIVE_INFINITY;
  return input + (pricing?.outputMicroUsdPerMillionTokens ?? 0);
}
