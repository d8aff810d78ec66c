import type { Filter } from '../decision.ts';

/** Fewer answers than these say too little of a target's pace. */
const ANSWERS_MIN = 8;
/** Older answers say nothing of now: else a target that was slow once would never be asked by short deadlines again. */
const PACE_VALID_MS = 10_000;

/** No recent answer of this target has begun in the time that the caller has left. */
export const deadlineFilter: Filter = {
  name: 'deadline',
  isIdle: ({ limits }) => limits.remainingMs === undefined,
  judge: ({ target }, { limits: { remainingMs }, conditions, at }) => {
    if (remainingMs === undefined) return undefined;
    if (remainingMs <= 0) return 'deadline-too-short';
    const { pace, lastSuccessAt } = conditions.health.get(target.id) ?? { pace: [] };
    if (lastSuccessAt === undefined || at - lastSuccessAt > PACE_VALID_MS) return undefined;
    return pace.length >= ANSWERS_MIN && Math.min(...pace) > remainingMs ? 'deadline-too-short' : undefined;
  },
};
