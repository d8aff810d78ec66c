import type { Candidate } from '#core/decide/decision.ts';
import { isCompiled } from '#core/decide/schema-grammars.ts';
import { areCallersWords } from '#core/failures/callers-words.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import type { FailureClass } from '#core/failures/failure-table.ts';
import { isAboutSchema } from '#core/failures/refused-feature.ts';
import type { Target } from '#core/target.ts';
import type { UpstreamFailure } from '../ports/model-invoker.ts';
import { schemaOf } from './grammar-book.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';

export interface NotedFailure {
  readonly candidate: Candidate;
  readonly failure: UpstreamFailure;
  readonly verdict: FailureVerdict;
  readonly call: Job['call'];
  /** Targets of the same model. */
  readonly peers: readonly Target[];
  /** How long it was waited for, where the caller's own short deadline and not ours ended the wait. */
  readonly waitedMs?: number | undefined;
  /** By `isGrammarWait`. @default false */
  readonly grammarWait?: boolean | undefined;
}

/** A count has a permission and a quota of its own: that it is denied or throttled says nothing of the target's chats. */
const saysMoreThanOfCounting: ReadonlySet<FailureClass> = new Set(['broken', 'no-credentials']);

/** What a failure means for the target, from now on and for everybody. */
export function noteFailure({ book, clock, signals, warmth }: Services, noted: NotedFailure): void {
  const { candidate, failure, verdict, waitedMs, call, peers, grammarWait } = noted;
  if (call.work.kind === 'count-tokens' && !saysMoreThanOfCounting.has(verdict.class)) return;
  const at = clock.now();
  if (isSilence(failure)) book.grammars.late({ candidate, call, at });
  // For this call it stands; what one caller can bring about must not take a target from the others.
  if (grammarWait === true || isCallersDoing(verdict, call)) {
    book.abandoned(candidate.target, at);
    return;
  }
  const occasion = { at, origin: call.origin, model: call.work.request.model, peers };
  if (waitedMs === undefined) book.failed(candidate.target, verdict, occasion);
  else book.gaveUp(candidate.target, waitedMs, occasion);
  if (verdict.cold) warmth.wentCold(candidate.target);
  if (verdict.class === 'targets-fault') signals.report(candidate.target, verdict.outcome, failure);
}

/**
 * Whether the attempt was given up while the target may have been compiling the call's schema. Where it has answered by
 * that schema before, a silence is its own.
 */
export function isGrammarWait(
  { book, clock }: Services,
  { candidate, failure, call }: Pick<NotedFailure, 'candidate' | 'failure' | 'call'>,
): boolean {
  if (!isSilence(failure) || call.needs.work === 'embedding') return false;
  if (schemaOf({ candidate, call }) === undefined) return false;
  return !isCompiled(candidate.target, { needs: call.needs, conditions: book.view(), at: clock.now() });
}

/** Nothing came, not even the first of an answer. */
function isSilence({ signal: { kind, deadline, phase } }: UpstreamFailure): boolean {
  return kind === 'timeout' && phase === 'before' && (deadline === 'first-content' || deadline === 'total');
}

/** Whether a failure may say more of its call than of its target. */
export function isCallersDoing(verdict: FailureVerdict, { work, needs }: Job['call']): boolean {
  // A guardrail is the caller's to name, and may be one that does not exist or that we may not use.
  if (verdict.class === 'targets-fault' && needs.work !== 'embedding' && needs.guardrail) return true;
  if (verdict.heard === undefined) return false;
  if (isAboutSchema(verdict.heard)) return true;
  const source = work.kind === 'chat' ? work.source : undefined;
  return areCallersWords(verdict.heard, work, source?.format === 'openai-chat' ? source.members : undefined);
}
