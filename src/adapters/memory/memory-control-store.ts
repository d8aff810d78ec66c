/** The strongly consistent set in memory: for tests and the simulator. */
import type { DisabledTarget } from '#core/plan/disabled-target.ts';
import type { Hold } from '#core/plan/route.ts';
import type { ControlStore } from '#usecases/ports/control-store.ts';

/** Words of all regions, shared by the stores of one set. */
export interface MemoryControls {
  readonly holds: Map<string, Hold & { readonly region: string }>;
  readonly disabled: Map<string, DisabledTarget & { readonly region: string }>;
}

export const createMemoryControls = (): MemoryControls => ({ holds: new Map(), disabled: new Map() });

export function createMemoryControlStore(region: string, { holds, disabled }: MemoryControls): ControlStore {
  const holdKey = (model: string, residency: string): string => `${region} ${model} ${residency}`;
  return {
    region,
    loadHolds: async () => [...holds.values()],
    saveHold: async (hold) => {
      holds.set(holdKey(hold.model, hold.residency), { ...hold, region });
    },
    loadDisabled: async () => [...disabled.values()],
    saveDisabled: async (entry) => {
      disabled.set(`${region} ${entry.target}`, { ...entry, region });
    },
  };
}
