/** The routing table in memory: for tests and the simulator. */
import { HISTORY_VERSIONS_MAX } from '#contract/table-keys.ts';
import type { Hold, Route, Signal } from '#core/plan/route.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';

/** `region`: whose control items it writes. */
export function createMemoryRouteStore(region = 'us-east-1'): RouteStore {
  const current = new Map<string, Route>();
  const history = new Map<string, Route[]>();
  const holds = new Map<string, Hold>();
  const signals = new Map<string, Signal>();
  const keyOf = (model: string, residency: string): string => `${model}#${residency}`;
  return {
    region,
    load: async (model, residency) => current.get(keyOf(model, residency)),
    loadAll: async () => ({ routes: [...current.values()], badItems: 0 }),
    publish: async (route) => {
      const key = keyOf(route.model, route.residency);
      if ((current.get(key)?.version ?? 0) !== route.version - 1) return false;
      current.set(key, route);
      history.set(key, [route, ...(history.get(key) ?? [])].slice(0, HISTORY_VERSIONS_MAX));
      return true;
    },
    loadHistory: async (model, residency) => history.get(keyOf(model, residency)) ?? [],
    loadVersion: async (model, residency, version) =>
      history.get(keyOf(model, residency))?.find((route) => route.version === version),
    loadHolds: async () => [...holds.values()].map((hold) => ({ ...hold, region })),
    saveHold: async (hold) => {
      holds.set(keyOf(hold.model, hold.residency), hold);
    },
    loadSignals: async () => [...signals.values()],
    saveSignal: async (signal) => {
      signals.set(keyOf(signal.gatewayRegion, signal.target), signal);
    },
  };
}
