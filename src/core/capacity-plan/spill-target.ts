import { resolveEntry } from '../baseline/resolve-entry.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeGatewayRegion } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Target } from '../target.ts';

/**
 * The serverless target whose price stands for what spills: in the region of the copies where there is one, else the
 * cheapest. From configuration and facts alone, and lawful under the residency, as is a gateway that calls it; undefined
 * where none is.
 */
export function spillTargetOf(question: {
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly gateways: readonly string[];
  readonly candidates: readonly { readonly id: string }[];
  readonly policy: ResidencyPolicy;
  readonly facts: CompiledFacts;
  /** Where the copies stand. */
  readonly region: string;
}): Target | undefined {
  const { accounts, gateways, candidates, policy, facts, region: home } = question;
  if (!gateways.some((gateway) => judgeGatewayRegion(policy, gateway).lawful)) return undefined;
  const ids = candidates.map(({ id }) => id);
  const lawful = accounts.flatMap(({ id: account, regions }) =>
    regions.flatMap((region) => {
      const found = resolveEntry({ candidates: ids, account, region, policy, facts });
      return found.resolved ? [found.target] : [];
    }),
  );
  const [first, ...others] = lawful;
  if (first === undefined) return undefined;
  const near = lawful.find(({ region }) => region === home);
  return near ?? others.reduce((best, each) => (outputPrice(each) < outputPrice(best) ? each : best), first);
}

function outputPrice({ pricing }: Target): number {
  return pricing?.outputMicroUsdPerMillionTokens ?? Number.POSITIVE_INFINITY;
}
