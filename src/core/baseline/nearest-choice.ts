import type { CompiledFacts } from '../facts/compile-facts.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import { resolveEntry } from './resolve-entry.ts';

/**
 * A half-sentence that names the nearest region in which a baseline would be lawful: among the regions that accounts
 * list, else among all that the facts know, else none. Near = same region, same country, a jurisdiction in common.
 */
export function nearestChoice(question: {
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly candidates: readonly string[];
  readonly policy: ResidencyPolicy;
  readonly facts: CompiledFacts;
  readonly region: string;
}): string {
  const { accounts, candidates, policy, facts, region } = question;
  const idIn = (near: string, account: string) => {
    const resolution = resolveEntry({ candidates, account, region: near, policy, facts });
    return resolution.resolved ? (resolution.target.profileId ?? resolution.target.modelId) : undefined;
  };
  const byNearness = (regions: readonly string[]) =>
    [...new Set(regions)].sort(
      (left, right) =>
        distance(facts, region, left) - distance(facts, region, right) || (left < right ? -1 : 1),
    );
  for (const near of byNearness(accounts.flatMap((account) => account.regions))) {
    const owner = accounts.find((account) => account.regions.includes(near));
    const id = owner === undefined ? undefined : idIn(near, owner.id);
    if (id !== undefined) return `the nearest lawful choice is ${near} (${id})`;
  }
  for (const near of byNearness(facts.regions)) {
    const id = idIn(near, '');
    if (id !== undefined)
      return `no listed region is lawful; ${near} (${id}) would be, if an account listed it`;
  }
  return `no region serves the candidates inside the residency ${policy.name}`;
}

function distance(facts: CompiledFacts, from: string, to: string): number {
  if (from === to) return 0;
  const country = facts.countryOf(from);
  if (country !== undefined && country === facts.countryOf(to)) return 1;
  const groups = facts.jurisdictionsOf(from) ?? [];
  const shared = (facts.jurisdictionsOf(to) ?? []).some((group) => groups.includes(group));
  return shared ? 2 : 3;
}
