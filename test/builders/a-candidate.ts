import type { Candidate } from '#core/decide/decision.ts';
import type { Target } from '#core/target.ts';
import { aTarget } from '#test/builders/a-target.ts';

/** A lawful candidate of the serverless tier, bound to 1,000 output tokens. */
export function aCandidate(changes: Partial<Target> = {}, tier: Candidate['tier'] = 'serverless'): Candidate {
  const target = aTarget(changes);
  return { target, tier, verdict: { lawful: true, reach: target.reach }, maxTokens: 1000 };
}
