import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeLawful, type ReachSubject, type Verdict } from './judge-reach.ts';
import type { ResidencyPolicy } from './resolve-residency.ts';

/**
 * `judgeLawful` of one target after another, each judged once for all requests: a tenth of a request's work was the
 * same judgement again. Purely a memory: by the identity of policy, facts and target, which never change, and by the
 * gateway's region. What stands beside a target's reach is judged anew each time.
 */
export function lawfulnessUnder(question: {
  readonly policy: ResidencyPolicy;
  readonly gatewayRegion: string;
  readonly facts: CompiledFacts;
  /** As `judgeLawful` takes it. */
  readonly besideReach: readonly string[];
}): (target: ReachSubject) => Verdict {
  const { policy, gatewayRegion, facts, besideReach } = question;
  if (besideReach.length > 0)
    return (target) => judgeLawful({ policy, gatewayRegion, facts, besideReach, target });
  const known = knownUnder(policy, facts, gatewayRegion);
  return (target) => {
    const before = known.get(target);
    if (before !== undefined) return before;
    const verdict = judgeLawful({ policy, gatewayRegion, facts, target });
    known.set(target, verdict);
    return verdict;
  };
}

type Known = WeakMap<ReachSubject, Verdict>;

/** What is forgotten with its policy, its facts, or its target holds no more than those do. */
const judgements = new WeakMap<ResidencyPolicy, WeakMap<CompiledFacts, Map<string, Known>>>();

function knownUnder(policy: ResidencyPolicy, facts: CompiledFacts, gatewayRegion: string): Known {
  const ofPolicy = judgements.get(policy) ?? new WeakMap<CompiledFacts, Map<string, Known>>();
  judgements.set(policy, ofPolicy);
  const byRegion = ofPolicy.get(facts) ?? new Map<string, Known>();
  ofPolicy.set(facts, byRegion);
  const known = byRegion.get(gatewayRegion) ?? new WeakMap<ReachSubject, Verdict>();
  byRegion.set(gatewayRegion, known);
  return known;
}
