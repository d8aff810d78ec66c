import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeGatewayRegion } from '../residency/judge-reach.ts';
import { resolveResidency } from '../residency/resolve-residency.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** One gateway is none when its region is dark. */
const GATEWAYS_MIN = 2;

/** Residencies: known jurisdictions, known regions, and gateways that may hold their prompts. */
export function checkResidencies(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const jurisdictions = unknownJurisdictions(config, facts);
  const verifiable = facts.jurisdictions.length > 0;
  return {
    errors: verifiable ? jurisdictions : [],
    warnings: [
      ...(verifiable ? [] : jurisdictions),
      ...unknownRegions(config, facts),
      ...fewGateways(config, facts),
    ],
  };
}

function unknownJurisdictions(config: CheckableConfig, facts: CompiledFacts): readonly ConfigFinding[] {
  return Object.entries(config.residencies).flatMap(([name, { jurisdictions }]) => {
    if (jurisdictions === undefined || jurisdictions === 'any') return [];
    return jurisdictions.flatMap((code, index) => {
      if (facts.regionsOf(code).length > 0) return [];
      const message = `"${code}" is not a jurisdiction of the facts, which know ${listText(facts.jurisdictions)}`;
      return [{ path: `residencies.${name}.jurisdictions[${index}]`, message }];
    });
  });
}

function unknownRegions(config: CheckableConfig, facts: CompiledFacts): readonly ConfigFinding[] {
  if (facts.regions.length === 0) return [];
  return Object.entries(config.residencies).flatMap(([name, { regions }]) =>
    (regions ?? []).flatMap((region, index) => {
      if (facts.jurisdictionsOf(region) !== undefined) return [];
      const message = `the facts do not know ${region}; it is allowed because it is named, check its spelling`;
      return [{ path: `residencies.${name}.regions[${index}]`, message }];
    }),
  );
}

function fewGateways(config: CheckableConfig, facts: CompiledFacts): readonly ConfigFinding[] {
  return Object.entries(config.residencies).flatMap(([name, spec]) => {
    const policy = resolveResidency(name, spec, facts);
    const lawful = config.gateways.filter((region) => judgeGatewayRegion(policy, region).lawful);
    if (lawful.length >= GATEWAYS_MIN) return [];
    const message =
      lawful.length === 0
        ? 'no gateway stands inside it: every request is refused'
        : `only the gateway in ${lawful[0]} stands inside it: when that region is dark, requests fail`;
    return [{ path: `residencies.${name}`, message }];
  });
}
