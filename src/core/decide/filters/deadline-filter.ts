import type { Filter } from '../decision.ts';

/** Fewer answers than these say too little of a target's pace. */
const ANSWERS_MIN = 8;

/** No answer of this target has ever begun in the time that the caller has left. */
export const deadlineFilter: Filter = {
  name: 'deadline',
  judge: ({ target }, { limits: { remainingMs }, conditions }) => {
    if (remainingMs === undefined) return undefined;
    if (remainingMs <= 0) return 'deadline-too-short';
    const pace = conditions.health.get(target.id)?.pace ?? [];
    return pace.length >= ANSWERS_MIN && Math.min(...pace) > remainingMs ? 'deadline-too-short' : undefined;
  },
};
