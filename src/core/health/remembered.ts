import type { TargetHealth } from './target-health.ts';

/** What a target's health keeps from one state to the next. */
export type Remembered = Omit<
  TargetHealth,
  'kind' | 'until' | 'because' | 'since' | 'probedAt' | 'points' | 'row' | 'failingSince' | 'recent'
>;

export function remembered(health: Remembered): Remembered {
  const { pace, typicalFirstContentMs, ejections, ejectedAt, lastFailureAt, lastSuccessAt } = health;
  const { goodOrigin, otherGoodAt, goodCallAt, otherTenantGood, episode } = health;
  return {
    pace,
    typicalFirstContentMs,
    ejections,
    ejectedAt,
    lastFailureAt,
    lastSuccessAt,
    goodOrigin,
    otherGoodAt,
    goodCallAt,
    otherTenantGood,
    episode,
  };
}
