/** What a process saw and has not told yet, and whether a good answer is worth telling. */
import type { FailureMark, GoodMark, SharedHealth } from './shared-health.ts';
import { isSuspected } from './step-shared-health.ts';

/** As many failures as eject a target: more say nothing new. */
export const PENDING_MAX = 5;

/** Failures of one moment and origin are one mark. */
export function withMark(pending: readonly FailureMark[], mark: FailureMark): readonly FailureMark[] {
  const last = pending.at(-1);
  if (last?.at !== mark.at || last.origin !== mark.origin) return [...pending, mark].slice(-PENDING_MAX);
  return [...pending.slice(0, -1), { ...mark, points: last.points + mark.points }];
}

/** Whether a good answer to a call that began after the failures speaks against a suspicion. */
export function isContradicted(health: SharedHealth, good: GoodMark): boolean {
  const [newest] = health.failures.slice(-1);
  return newest !== undefined && good.at > newest.at && isSuspected(health, good.at);
}
