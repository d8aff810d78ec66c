import type { SpillwayConfig } from '#contract/config.ts';
import type { ZoneConfig } from '#contract/front-door.ts';
import { gatewayHostname, residencyHostname } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { residencyGateways } from '#core/residency/residency-gateways.ts';
import { ownerOf } from './places.ts';

/** One answer that a name may give: the gateway of a region, under the name that is its own. */
export interface ResidencyName {
  readonly residency: string;
  readonly hostname: string;
  readonly region: string;
  /** The gateway's own name. */
  readonly leadsTo: string;
}

/**
 * Every name of a residency with every gateway that it may lead to: those, and only those, whose own region lies inside
 * the residency. Empty without a domain.
 */
export function residencyNames(config: SpillwayConfig, facts: CompiledFacts): readonly ResidencyName[] {
  const [first] = config.frontDoor.domain?.zones ?? [];
  if (first === undefined) return [];
  return residencyGateways(config, facts).flatMap(({ residency, regions }) =>
    regions.flatMap((region) => {
      const zone = zoneOf(config, region);
      if (zone === undefined) return [];
      const leadsTo = gatewayHostname(region, zone.name);
      return [{ residency, hostname: residencyHostname(residency, first.name), region, leadsTo }];
    }),
  );
}

/** The zone in which a gateway's own name stands: that of its account. */
export function zoneOf(config: SpillwayConfig, region: string): ZoneConfig | undefined {
  const owner = ownerOf(config, region);
  return config.frontDoor.domain?.zones.find(({ account }) => account === owner);
}
