import type { InstantMs } from '../../units/instant-ms.ts';
import { accountRestKey, type Candidate, type DecisionQuestion, type Filter } from '../decision.ts';

/** A quota pool or an account that rests, or a dedicated target whose share for this gateway is taken. */
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
  const times = [target.quotaPool, accountRestKey(target.account)].flatMap(
    (key) => conditions.resting.get(key) ?? [],
  );
  const until = Math.max(0, ...times);
  return until > at ? until : undefined;
}

function isFull({ target }: Candidate, { conditions, gatewayRegion }: DecisionQuestion): boolean {
  const limit = target.share?.[gatewayRegion];
  return limit !== undefined && (conditions.inFlight.get(target.id) ?? 0) >= limit;
}
