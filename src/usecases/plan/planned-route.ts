import type { RoutePlan } from '#core/plan/plan-route.ts';

/** What came of one route. `conflict`: somebody else published first; the next run looks again. */
export type PlannedRoute = RoutePlan & {
  readonly outcome: 'published' | 'kept' | 'conflict';
  /** The version that stands after the run, as far as this run knows; undefined when none does. */
  readonly version: number | undefined;
};
