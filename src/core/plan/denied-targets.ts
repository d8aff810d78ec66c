/** Which targets the data path refuses, from the gateways' signals and from verify's own proofs. */
import type { Verification } from '../verify/verification.ts';
import type { Signal } from './route.ts';

/** A signal without a later proof holds for so long; then the target gets another chance by real traffic. */
const SIGNAL_LIFE_MS = 3_600_000;

/** A refused proof is repeated at least daily, so an older one means that nobody proves any more. */
const REFUSAL_LIFE_MS = 2 * 86_400_000;

export interface Denial {
  readonly target: string;
  /** Epoch milliseconds of the refusal. */
  readonly at: number;
  /** An AWS error name or an outcome, for people. */
  readonly why: string;
}

/** By target id. The later of a refusal and a proof decides. */
export function deniedTargets(options: {
  readonly signals: readonly Signal[];
  readonly verifications: readonly Verification[];
  readonly at: number;
}): ReadonlyMap<string, Denial> {
  const { signals, verifications, at } = options;
  const answeredAt = new Map<string, number>();
  const denied = new Map<string, Denial>();
  for (const proof of verifications) {
    // Nothing was learned by an inconclusive proof, so the row of answers before it still speaks.
    const answered = proof.outcome === 'answered' ? proof.at : proof.answeringSince;
    if (answered !== undefined) answeredAt.set(proof.target, answered);
    if (proof.outcome === 'refused' && at - proof.at <= REFUSAL_LIFE_MS)
      denied.set(proof.target, {
        target: proof.target,
        at: proof.at,
        why: proof.errorName ?? 'verification',
      });
  }
  for (const signal of signals) {
    const { target } = signal;
    const standing = denied.get(target);
    const overtaken = (answeredAt.get(target) ?? Number.NEGATIVE_INFINITY) >= signal.at;
    const later = standing === undefined || signal.at > standing.at;
    if (at - signal.at <= SIGNAL_LIFE_MS && !overtaken && later)
      denied.set(target, { target, at: signal.at, why: signal.errorName ?? signal.outcome });
  }
  return denied;
}
