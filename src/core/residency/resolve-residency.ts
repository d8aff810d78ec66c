import type { CompiledFacts } from '../facts/compile-facts.ts';
import { isRegionId } from '../units/region-id.ts';

/** A residency as the configuration writes it. */
export interface ResidencySpec {
  /**
   * Codes of jurisdictions, or `any` for no bound at all.
   *
   * @default - none: only `regions` count
   */
  readonly jurisdictions?: 'any' | readonly string[] | undefined;
  /**
   * Regions that count besides those of the jurisdictions, known to the facts or not.
   *
   * @default - none
   */
  readonly regions?: readonly string[] | undefined;
}

/** A named policy: the regions that a prompt may touch. */
export interface ResidencyPolicy {
  readonly name: string;
  /** `any` is the only policy under which an unknown region or a global profile is lawful. */
  readonly allowed: 'any' | ReadonlySet<string>;
}

/** A jurisdiction that the facts do not know adds no region: the policy then allows less, never more. */
export function resolveResidency(name: string, spec: ResidencySpec, facts: CompiledFacts): ResidencyPolicy {
  if (spec.jurisdictions === 'any') return { name, allowed: 'any' };
  const ofJurisdictions = (spec.jurisdictions ?? []).flatMap((code) => facts.regionsOf(code));
  return { name, allowed: new Set([...ofJurisdictions, ...(spec.regions ?? []).filter(isRegionId)]) };
}

/** Whether everything that `narrower` allows is allowed by `wider` too. Every policy includes itself. */
export function residencyIncludes(wider: ResidencyPolicy, narrower: ResidencyPolicy): boolean {
  if (wider.allowed === 'any') return true;
  if (narrower.allowed === 'any') return false;
  const { allowed } = wider;
  return [...narrower.allowed].every((region) => allowed.has(region));
}
