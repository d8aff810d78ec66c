/**
 * What other products may use of Spillway's decisions: how a route is ordered from where a reader stands, how its
 * reach is judged, and how its checksum is made. Pure functions; every argument stays as it was.
 */

export { type CompiledFacts, compileFacts } from './facts/compile-facts.ts';
export { canonicalJson } from './plan/canonical-json.ts';
export { distanceBetween, type Geography, orderFrom } from './plan/order-from.ts';
export { type Route, routeSchemaVersion } from './plan/route.ts';
export { judgeLawful, judgeReach, type ReachSubject, type Verdict } from './residency/judge-reach.ts';
export { EVERYWHERE, reachFromModelArns } from './residency/reach.ts';
export { type ResidencyPolicy, type ResidencySpec, resolveResidency } from './residency/resolve-residency.ts';
export type { Target, TargetState } from './target.ts';
