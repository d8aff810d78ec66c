/** Everything a run of plan decides from, read once. */
import type { RefusalRow } from '#core/plan/guard.ts';
import type { Hold, Route } from '#core/plan/route.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import type { RefusalLedger } from '../ports/refusal-ledger.ts';
import type { BadRouteItem, RouteStore } from '../ports/route-store.ts';
import type { VerificationStore } from '../ports/verification-store.ts';

export interface KnowledgeStores {
  readonly observations: ObservationStore;
  readonly routes: RouteStore;
  readonly refusals: RefusalLedger;
  readonly verifications: VerificationStore;
}

export interface PlanKnowledge {
  readonly regions: Awaited<ReturnType<ObservationStore['loadAll']>>['regions'];
  /** By `routeKey`, as `bad` is. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly bad: ReadonlyMap<string, BadRouteItem>;
  readonly badItems: number;
  readonly holds: readonly Hold[];
  readonly signals: Awaited<ReturnType<RouteStore['loadSignals']>>;
  readonly verifications: Awaited<ReturnType<VerificationStore['loadAll']>>;
  readonly refusals: readonly RefusalRow[];
}

/** @throws what a store throws that cannot be read */
export async function loadKnowledge(stores: KnowledgeStores): Promise<PlanKnowledge> {
  const { observations, routes: store, refusals, verifications } = stores;
  const [observed, stored, holds, signals, proofs, rows] = await Promise.all([
    observations.loadAll(),
    store.loadAll(),
    store.loadHolds(),
    store.loadSignals(),
    verifications.loadAll(),
    refusals.loadAll(),
  ]);
  return {
    regions: observed.regions,
    routes: new Map(stored.routes.map((route) => [routeKey(route.model, route.residency), route])),
    bad: new Map((stored.bad ?? []).map((item) => [routeKey(item.model, item.residency), item])),
    badItems: observed.badItems + stored.badItems,
    holds,
    signals,
    verifications: proofs,
    refusals: rows,
  };
}

export function routeKey(model: string, residency: string): string {
  return `${model}#${residency}`;
}
