/**
 * core/permissions: what an account must be let to do, and what policies above it must not take away.
 *
 * Invariant: what is permitted is what `core/residency` judges lawful, no more and no less. The folder owns no state.
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { type ResidencySpec, resolveResidency } from '../residency/resolve-residency.ts';
import { type CallableModels, callableModels } from './callable-models.ts';

/** The part of a configuration that permissions to call models depend on. */
export interface ServingConfig {
  readonly accounts: readonly {
    readonly id: string;
    readonly regions: readonly string[];
    readonly traffic: boolean;
  }[];
  readonly residencies: Readonly<Record<string, ResidencySpec>>;
  readonly models: Readonly<Record<string, ServedModel>>;
}

interface ServedModel {
  readonly candidates: readonly { readonly id: string }[];
  readonly baseline: Readonly<Record<string, readonly BaselineEntry[]>>;
}

interface BaselineEntry {
  readonly region: string;
  readonly account?: string | undefined;
  readonly id?: string | undefined;
}

/** Every lawful way to call an account's models. */
export function servedModels(config: ServingConfig, facts: CompiledFacts, account: string): CallableModels {
  return callableModels({
    regions: servedRegions(config, account),
    ids: configuredIds(config),
    policies: Object.entries(config.residencies).map(([name, spec]) => resolveResidency(name, spec, facts)),
    facts,
  });
}

/**
 * Regions in which an account's models may take requests, sorted: those that belong to it, all of its own where it
 * shares traffic, and those in which a baseline names it.
 */
export function servedRegions(config: ServingConfig, account: string): readonly string[] {
  const { accounts } = config;
  const listed = accounts.find((entry) => entry.id === account);
  const ownerOf = (region: string) => accounts.find(({ regions }) => regions.includes(region))?.id;
  const own = (listed?.regions ?? []).filter(
    (region) => listed?.traffic === true || ownerOf(region) === account,
  );
  const named = baselineEntries(config)
    .filter((entry) => entry.account === account)
    .map((entry) => entry.region);
  return [...new Set([...own, ...named])].sort();
}

/** Every id that a request may put on the wire to Bedrock by configuration: candidates, and ids that a baseline names. */
export function configuredIds(config: Pick<ServingConfig, 'models'>): readonly string[] {
  const candidates = Object.values(config.models).flatMap((model) => model.candidates.map(({ id }) => id));
  const named = baselineEntries(config).flatMap(({ id }) => (id === undefined ? [] : [id]));
  return [...new Set([...candidates, ...named])].sort();
}

function baselineEntries({ models }: Pick<ServingConfig, 'models'>): readonly BaselineEntry[] {
  return Object.values(models).flatMap((model) => Object.values(model.baseline).flat());
}
