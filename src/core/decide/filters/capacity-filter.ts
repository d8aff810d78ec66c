import type { InstantMs } from '../../units/instant-ms.ts';
import type { Candidate, DecisionQuestion, Filter } from '../decision.ts';

/** A quota pool that rests, or a dedicated target whose share for this gateway is taken. */
export const capacityFilter: Filter = {
  name: 'capacity',
  judge: (candidate, question) =>
    restsUntil(candidate, question) !== undefined || isFull(candidate, question) ? 'no-capacity' : undefined,
};

/** When the target may be asked again; undefined when it does not rest. */
export function restsUntil(
  { target }: Candidate,
  { conditions, at }: DecisionQuestion,
): InstantMs | undefined {
  const until = conditions.resting.get(target.quotaPool);
  return until !== undefined && until > at ? until : undefined;
}

function isFull({ target }: Candidate, { conditions, gatewayRegion }: DecisionQuestion): boolean {
  const limit = target.share?.[gatewayRegion];
  return limit !== undefined && (conditions.inFlight.get(target.id) ?? 0) >= limit;
}
