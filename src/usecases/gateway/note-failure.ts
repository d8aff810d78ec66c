import type { WorkKind } from '#core/call/work.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import type { FailureClass } from '#core/failures/failure-table.ts';
import type { UpstreamFailure } from '../ports/model-invoker.ts';
import type { Services } from './services.ts';

export interface NotedFailure {
  readonly candidate: Candidate;
  readonly failure: UpstreamFailure;
  readonly verdict: FailureVerdict;
  readonly work: WorkKind;
  /** How long it was waited for, where the caller's own short deadline and not ours ended the wait. */
  readonly waitedMs?: number | undefined;
}

/** A count has a permission and a quota of its own: that it is denied or throttled says nothing of the target's chats. */
const saysMoreThanOfCounting: ReadonlySet<FailureClass> = new Set(['broken', 'no-credentials']);

/** What a failure means for the target, from now on and for everybody. */
export function noteFailure({ book, clock, signals }: Services, noted: NotedFailure): void {
  const { candidate, failure, verdict, waitedMs, work } = noted;
  if (work === 'count-tokens' && !saysMoreThanOfCounting.has(verdict.class)) return;
  const at = clock.now();
  if (waitedMs === undefined) book.failed(candidate.target, verdict, at);
  else book.gaveUp(candidate.target, waitedMs, at);
  if (verdict.class === 'targets-fault') signals.report(candidate.target, verdict.outcome, failure);
}
