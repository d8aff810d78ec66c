import type { SpillwayConfig } from '#contract/config.ts';

/** Regions with a replica of the routes, and so with control items of their own: home, the one that stands by, gateways'. */
export function controlRegions({ home, standby, gateways }: SpillwayConfig): readonly string[] {
  return [...new Set([home.region, ...(standby === undefined ? [] : [standby]), ...gateways])];
}
