import { slotsOf } from '../../capacity/capacity-limit.ts';
import type { InstantMs } from '../../units/instant-ms.ts';
import type { Candidate, DecisionQuestion, Filter } from '../decision.ts';

/** A quota pool that rests, a target whose slots are taken, or one that the request fits into never. */
export const capacityFilter: Filter = {
  name: 'capacity',
  judge: (candidate, question) =>
    restsUntil(candidate, question) !== undefined ||
    isFull(candidate, question) ||
    question.neverFits?.has(candidate.target.id) === true
      ? 'no-capacity'
      : undefined,
};

/** When the target may be asked again; undefined when it does not rest. */
export function restsUntil(
  { target }: Candidate,
  { conditions, at }: DecisionQuestion,
): InstantMs | undefined {
  const until = conditions.resting.get(target.quotaPool);
  return until !== undefined && until > at ? until : undefined;
}

/** By what this process has under way itself, or heard of what all processes have. */
export function isFull({ target }: Candidate, question: DecisionQuestion): boolean {
  if (question.full?.has(target.id) === true) return true;
  const slots = slotsOf(target, question);
  if (slots === undefined) return false;
  const underWay = question.admissionAsks === true ? 0 : (question.conditions.inFlight.get(target.id) ?? 0);
  return underWay >= slots;
}
