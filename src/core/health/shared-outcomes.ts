import type { InstantMs } from '../units/instant-ms.ts';
import { failedWithin } from './judge-health.ts';
import { type FailureMark, nothingShared, type SharedHealth } from './shared-health.ts';
import { bothOf, noOutcomes, type Outcomes, outcomesIn, type PeerOutcomes } from './success-rate.ts';
import type { TargetHealth } from './target-health.ts';

/** How a target was answered longer ago says nothing of how it compares now. */
const COMPARED_MS = 60_000;

/** What is known of one of the other targets of a model. */
export interface KnownPeer {
  readonly own: TargetHealth;
  /** @default - nobody told of a failure */
  readonly shared?: SharedHealth | undefined;
}

/**
 * How processes were answered within a minute, since the target was ejected last or came back.
 *
 * @param except of this process nothing. @default - of all
 */
export function outcomesTold(health: SharedHealth, at: InstantMs, except?: string): Outcomes {
  const after = comparedSince(health, at);
  return health.tallies
    .filter((mark) => mark.at > after && mark.by !== except)
    .reduce<Outcomes>(bothOf, noOutcomes);
}

/** Failures of the time that `outcomesTold` is of, as far as they are known one by one. */
export function failuresTold(health: SharedHealth, at: InstantMs): readonly FailureMark[] {
  const after = comparedSince(health, at);
  return health.failures.filter((mark) => mark.at > after);
}

function comparedSince({ standing }: SharedHealth, at: InstantMs): InstantMs {
  return Math.max(standing?.at ?? Number.NEGATIVE_INFINITY, at - COMPARED_MS);
}

/** The peers of a target as one process knows them: by its own calls, and by what the others told. */
export function outcomesOfPeers(
  peers: readonly KnownPeer[],
  { self, at }: { readonly self?: string | undefined; readonly at: InstantMs },
): PeerOutcomes {
  const usable = peers
    .filter(({ own }) => !isOut(own))
    .map(({ own, shared = nothingShared }) => bothOf(outcomesSeen(own, at), outcomesTold(shared, at, self)));
  return { usable, isAnyFailing: peers.some((peer) => isFailing(peer, at)) };
}

function outcomesSeen(health: TargetHealth, at: InstantMs): Outcomes {
  const { lastSuccessAt = 0, lastFailureAt = 0 } = health;
  const isNew = at - Math.max(lastSuccessAt, lastFailureAt) <= COMPARED_MS;
  return health.kind === 'healthy' && isNew ? outcomesIn(health.recent) : noOutcomes;
}

const isOut = ({ kind }: TargetHealth): boolean => kind === 'ejected' || kind === 'half-open';

function isFailing({ own, shared = nothingShared }: KnownPeer, at: InstantMs): boolean {
  const isToldOf = shared.failures.some((mark) => at - mark.at <= COMPARED_MS);
  return isOut(own) || failedWithin(own, at, COMPARED_MS) || isToldOf;
}
