/**
 * core/verify: which targets are proved next.
 *
 * Invariant: a target is proved at most once in fifteen minutes and, once it has answered twice, once a day; a day's
 * proofs never cost more than their cap; what is scaled to zero is never woken by a proof. The folder owns no state.
 */
import type { Target } from '../target.ts';
import { microUsdOfRequest } from '../units/micro-usd.ts';
import type { Verification } from './verification.ts';

/** A first success can turn into AccessDenied for as long as a Marketplace subscription takes. */
const SECOND_PROOF_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const REFUSED_STEP_FACTOR = 4;

/** What one proof reads at most, in tokens; it writes one. */
const PROBE_INPUT_TOKENS = 16;
/** Where no price is known: dearer than any known model's proof, so that the cap still holds. */
const UNKNOWN_PRICE_MICRO_USD = 1_000;

export interface Probe {
  readonly target: Target;
  readonly kind: 'chat' | 'embedding';
  /** Upper estimate, in whole micro-USD, from 1. */
  readonly costMicroUsd: number;
}

export interface ProbeCandidate {
  readonly target: Target;
  readonly kind: 'chat' | 'embedding';
}

/** The proofs of this run, most urgent first. */
export function chooseProbes(options: {
  /** Lawful, routed targets of configured models. */
  readonly candidates: readonly ProbeCandidate[];
  readonly verifications: readonly Verification[];
  /** Ids of targets that a gateway's signal or a refused proof keeps out. */
  readonly denied: ReadonlySet<string>;
  readonly at: number;
  /** What is left of the day's cap. */
  readonly microUsdLeft: number;
  readonly probesMax: number;
}): readonly Probe[] {
  const { candidates, verifications, denied, at, microUsdLeft, probesMax } = options;
  const proofs = new Map(verifications.map((each) => [each.target, each]));
  const due = [...new Map(candidates.map((each) => [each.target.id, each])).values()]
    .filter(({ target }) => isProvable(target))
    .flatMap((candidate) => {
      const urgency = urgencyOf(proofs.get(candidate.target.id), denied.has(candidate.target.id), at);
      return urgency === undefined ? [] : [{ ...candidate, urgency }];
    })
    .sort((left, right) => left.urgency - right.urgency || (left.target.id < right.target.id ? -1 : 1));
  const probes: Probe[] = [];
  let left = microUsdLeft;
  for (const { target, kind } of due) {
    const costMicroUsd = probeCost(target);
    if (probes.length === probesMax || costMicroUsd > left) break;
    left -= costMicroUsd;
    probes.push({ target, kind, costMicroUsd });
  }
  return probes;
}

/** A proof must not wake what is scaled to zero. */
function isProvable(target: Target): boolean {
  return target.state === 'available' || target.state === 'legacy' || target.state === 'warm';
}

/** Undefined when no proof is due. Never proved, then refused by the data path, then the second proof, then daily. */
function urgencyOf(proof: Verification | undefined, denied: boolean, at: number): number | undefined {
  if (proof === undefined) return 0;
  const ageMs = at - proof.at;
  if (ageMs < SECOND_PROOF_MS) return undefined;
  if (proof.outcome === 'answered') {
    if (denied) return 1;
    const proving = proof.at - (proof.answeringSince ?? proof.at) < SECOND_PROOF_MS;
    if (proving) return 2;
    return ageMs >= DAY_MS ? 3 : undefined;
  }
  if (proof.outcome === 'inconclusive') return 2;
  const waitMs = Math.min(DAY_MS, SECOND_PROOF_MS * REFUSED_STEP_FACTOR ** Math.max(0, proof.refusals - 1));
  return ageMs >= waitMs ? 1 : undefined;
}

function probeCost(target: Target): number {
  if (target.scope === 'dedicated') return 1;
  const cost = microUsdOfRequest(target.pricing, { inTokens: PROBE_INPUT_TOKENS, outTokens: 1 });
  if (cost !== undefined) return Math.max(1, cost);
  const embedding = microUsdOfRequest(target.pricing, { inTokens: PROBE_INPUT_TOKENS, outTokens: 0 });
  return embedding === undefined ? UNKNOWN_PRICE_MICRO_USD : Math.max(1, embedding);
}

/** The proof that follows `previous`, given how the call ended. */
export function nextVerification(
  previous: Verification | undefined,
  result: Pick<Verification, 'target' | 'at' | 'outcome' | 'errorName'>,
): Verification {
  const { target, at, outcome, errorName } = result;
  const named = errorName === undefined ? {} : { errorName };
  if (outcome === 'answered')
    return { target, at, outcome, answeringSince: previous?.answeringSince ?? at, refusals: 0 };
  if (outcome === 'refused')
    return { target, at, outcome, ...named, refusals: (previous?.refusals ?? 0) + 1 };
  // Nothing was learned: a refusal that stood goes on standing.
  const { answeringSince, refusals = 0 } = previous ?? {};
  const standing = previous?.outcome === 'refused' ? 'refused' : outcome;
  return {
    target,
    at,
    outcome: standing,
    ...named,
    refusals,
    ...(answeringSince === undefined ? {} : { answeringSince }),
  };
}
