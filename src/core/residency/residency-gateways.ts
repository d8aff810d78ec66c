import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeGatewayRegion } from './judge-reach.ts';
import { type ResidencySpec, resolveResidency } from './resolve-residency.ts';

/** The gateways that may read a prompt of one residency. */
export interface ResidencyGateways {
  readonly residency: string;
  /** Never empty. */
  readonly regions: readonly string[];
}

/**
 * By residency, the gateway regions that may hold its prompts, in the order of the configuration. A residency inside
 * which no gateway stands is left out: no name may lead anywhere for it.
 */
export function residencyGateways(
  config: {
    readonly gateways: readonly string[];
    readonly residencies: Readonly<Record<string, ResidencySpec>>;
  },
  facts: CompiledFacts,
): readonly ResidencyGateways[] {
  return Object.entries(config.residencies).flatMap(([residency, spec]) => {
    const policy = resolveResidency(residency, spec, facts);
    const regions = config.gateways.filter((region) => judgeGatewayRegion(policy, region).lawful);
    return regions.length === 0 ? [] : [{ residency, regions }];
  });
}
