/**
 * How long files, answers and what is known of batches are kept. A bucket forgets an object at the midnight (UTC) that
 * follows so many whole days: with a day less than the configured ones nothing is there for longer than those.
 */
import type { InstantMs } from '../units/instant-ms.ts';

const MS_PER_DAY = 86_400_000;

/** Whole days of the bucket's own rule. @param retentionDays of the configuration, 3 or more */
export function lifecycleDays(retentionDays: number): number {
  return retentionDays - 1;
}

/** From its making on something is shown for so long; what holds it forgets it within a day after that. */
export function keptMsOf(retentionDays: number): number {
  return lifecycleDays(retentionDays) * MS_PER_DAY;
}

export function isForgotten(
  { createdAt }: { readonly createdAt: InstantMs },
  keptMs: number,
  at: InstantMs,
): boolean {
  return at >= createdAt + keptMs;
}
