import { type ChatAnswer, emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { Candidate, Decision, RejectionCode } from '#core/decide/decision.ts';
import { classifyFailure, type FailureVerdict } from '#core/failures/classify-failure.ts';
import type { AttemptRecord } from '../ports/gateway-metrics.ts';
import { UpstreamFailure } from '../ports/model-invoker.ts';
import { admit, type Lease } from './admit.ts';
import { callDeadlines } from './call-deadlines.ts';
import { CallerLeft, callTarget, type TargetStream } from './call-target.ts';
import type { ChatJob } from './chat-job.ts';
import { decideChat, type Learned, nothingLearned, remainingMs } from './decide.ts';
import { refusalAfter } from './refusal-after.ts';
import type { Services } from './services.ts';
import type { Refusal } from './stage.ts';

/** One attempt budget a request; as many as the floor of the retry budget, so that dark regions cannot hide a target. */
export const ATTEMPTS_MAX = 10;

/** What was sent so far, best target first in the plan that led there. */
export interface AttemptLog {
  readonly attempts: readonly AttemptRecord[];
  readonly wakeUps: number;
  /** The tier that the first decision wanted. */
  readonly firstTier?: Candidate['tier'] | undefined;
  readonly last?: Candidate | undefined;
}

/** A target answers: its stream is open, its first content known, its lease held. */
export interface Answering {
  readonly candidate: Candidate;
  readonly stream: TargetStream;
  readonly lease: Lease;
  /** Monotonic time at which its call began. */
  readonly calledMs: number;
}

export type AttemptResult =
  | { readonly kind: 'streaming'; readonly answering: Answering; readonly log: AttemptLog }
  | {
      readonly kind: 'answered';
      readonly answering: Answering;
      readonly answer: ChatAnswer;
      readonly log: AttemptLog;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly log: AttemptLog }
  | { readonly kind: 'left'; readonly log: AttemptLog };

/** What the loop carries from one attempt to the next. */
interface Progress {
  readonly log: AttemptLog;
  readonly learned: Learned;
  readonly verdict?: FailureVerdict | undefined;
  readonly callersFault?: UpstreamFailure | undefined;
}

const begun: Progress = { log: { attempts: [], wakeUps: 0 }, learned: nothingLearned };

/**
 * Stage 6. Decides, calls, and on a failure decides again without the target that failed, until a target answers or
 * nothing lawful is left. A streamed answer counts from its first content: until then nothing was shown and another
 * target may take over. A plain answer is read whole first, so that it can move on from any point.
 */
export async function attempt(services: Services, job: ChatJob): Promise<AttemptResult> {
  let progress = begun;
  for (;;) {
    const decision = decideChat(services, job, progress.learned);
    const next = nextCandidate(services, job, decision, progress);
    if (next.kind === 'none') {
      const { verdict, callersFault, log } = progress;
      const refusal = refusalAfter({
        code: next.code,
        decision,
        attempts: log.attempts,
        verdict,
        callersFault,
        at: services.clock.now(),
      });
      return { kind: 'refused', refusal, log };
    }
    progress = withFirstDecision(services, job, decision, progress);
    const outcome = await tryTarget(services, job, next.candidate, lawfulLeft(decision));
    if (outcome.kind === 'failed') {
      progress = learn(services, progress, next.candidate, outcome);
      continue;
    }
    const log = withAttempt(progress.log, next.candidate, {
      outcome: outcome.kind === 'left' ? 'cancelled' : 'answered',
      durationMs: outcome.durationMs,
    });
    return outcome.kind === 'left' ? { kind: 'left', log } : { ...outcome, log };
  }
}

type Next =
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  | { readonly kind: 'none'; readonly code: RejectionCode };

/** The first of the plan that the budgets allow; within the request's time and attempts. */
function nextCandidate(services: Services, job: ChatJob, decision: Decision, progress: Progress): Next {
  const { book, clock } = services;
  const sent = progress.log.attempts.length;
  if (remainingMs(services, job) <= 0) return { kind: 'none', code: 'deadline_exceeded' };
  if (progress.verdict?.class === 'callers-fault' && !progress.verdict.largerContextHelps)
    return { kind: 'none', code: 'invalid_request' };
  if (decision.kind === 'rejected') return { kind: 'none', code: decision.code };
  if (sent >= ATTEMPTS_MAX) return { kind: 'none', code: 'upstream_failed' };
  const at = clock.now();
  const candidate =
    sent === 0 ? decision.plan[0] : decision.plan.find(({ target }) => book.mayRetry(target, at));
  if (candidate === undefined) return { kind: 'none', code: 'upstream_failed' };
  if (sent > 0) book.countRetry(at);
  return { kind: 'candidate', candidate };
}

function lawfulLeft(decision: Decision): number {
  return decision.kind === 'routed' ? decision.plan.length : 1;
}

/** At the first decision: notes the tier it wanted, and wakes what sleeps while the request goes elsewhere. */
function withFirstDecision(
  services: Services,
  job: ChatJob,
  decision: Decision,
  progress: Progress,
): Progress {
  if (decision.kind === 'rejected' || progress.log.firstTier !== undefined) return progress;
  const [best] = decision.plan;
  const spills = best.tier !== 'dedicated' && decision.wakeUps.length > 0;
  const wakeUps = spills ? services.wakeUps.send(decision.wakeUps, job.chat.request) : 0;
  const firstTier = decision.wakeUps.length > 0 ? 'dedicated' : best.tier;
  return { ...progress, log: { ...progress.log, wakeUps, firstTier } };
}

type TryOutcome =
  | { readonly kind: 'streaming'; readonly answering: Answering; readonly durationMs: number }
  | {
      readonly kind: 'answered';
      readonly answering: Answering;
      readonly answer: ChatAnswer;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly failure: UpstreamFailure;
      readonly durationMs: number;
      readonly slicedWait: boolean;
    }
  | { readonly kind: 'left'; readonly durationMs: number };

/** Calls one target once. */
async function tryTarget(
  services: Services,
  job: ChatJob,
  candidate: Candidate,
  left: number,
): Promise<TryOutcome> {
  const { clock, book } = services;
  const { target } = candidate;
  const { deadlines, sliced } = callDeadlines({
    candidate,
    configured: job.chat.modelConfig.deadlines,
    remainingMs: remainingMs(services, job),
    callerHasDeadline: job.chat.options.deadlineMs !== undefined,
    lawfulLeft: left,
  });
  const lease = admit(services, candidate);
  const calledMs = clock.monotonicMs();
  const durationMs = (): number => clock.monotonicMs() - calledMs;
  let stream: TargetStream | undefined;
  try {
    const { request, options } = job.chat;
    stream = await callTarget(services, {
      target,
      request,
      maxTokens: candidate.maxTokens,
      traceparent: options.traceparent,
      deadlines,
      callerSignal: job.arrival.request.signal,
    });
    const answering = { candidate, stream, lease, calledMs };
    if (job.chat.stream) return { kind: 'streaming', answering, durationMs: durationMs() };
    const answer = await readWhole(stream);
    lease.release();
    return { kind: 'answered', answering, answer, durationMs: durationMs() };
  } catch (error) {
    lease.release();
    stream?.close();
    if (error instanceof UpstreamFailure) {
      const slicedWait = sliced && error.signal.deadline === 'first-content';
      return { kind: 'failed', failure: error, durationMs: durationMs(), slicedWait };
    }
    if (!(error instanceof CallerLeft)) throw error;
    book.abandoned(target, clock.now());
    return { kind: 'left', durationMs: durationMs() };
  }
}

async function readWhole(stream: TargetStream): Promise<ChatAnswer> {
  let answer = emptyAnswer;
  for (let event = await stream.next(); event !== undefined; event = await stream.next())
    answer = foldEvent(answer, event);
  return answer;
}

/** Health, signals, and what the next decision must know. */
function learn(
  services: Services,
  progress: Progress,
  candidate: Candidate,
  outcome: TryOutcome & { kind: 'failed' },
): Progress {
  const { target } = candidate;
  const { failure, durationMs } = outcome;
  const verdict = classifyFailure(failure.signal);
  noteFailure(services, candidate, {
    failure,
    verdict,
    waitedMs: outcome.slicedWait ? durationMs : undefined,
  });
  const { tried, troubledRegions, contextTokensAbove } = progress.learned;
  // An endpoint that fails says nothing of Bedrock beside it.
  const troubled = target.kind === 'bedrock' && (verdict.class === 'broken' || verdict.countsAgainstRegion);
  const tooSmall = verdict.largerContextHelps ? (target.contextTokensMax ?? Number.MAX_SAFE_INTEGER) : 0;
  const above = Math.max(contextTokensAbove ?? 0, tooSmall);
  return {
    log: withAttempt(progress.log, candidate, { outcome: verdict.outcome, durationMs }),
    learned: {
      tried: new Set([...tried, target.id]),
      troubledRegions: troubled ? new Set([...troubledRegions, target.region]) : troubledRegions,
      ...(above > 0 ? { contextTokensAbove: above } : {}),
    },
    verdict,
    callersFault: verdict.class === 'callers-fault' ? failure : progress.callersFault,
  };
}

/** What a failure means for the target, from now on and for everybody. */
export function noteFailure(
  { book, clock, signals }: Services,
  { target }: Candidate,
  {
    failure,
    verdict,
    waitedMs,
  }: {
    readonly failure: UpstreamFailure;
    readonly verdict: FailureVerdict;
    readonly waitedMs?: number | undefined;
  },
): void {
  const at = clock.now();
  if (waitedMs === undefined) book.failed(target, verdict, at);
  else book.gaveUp(target, waitedMs, at);
  if (verdict.class === 'targets-fault') signals.report(target, verdict.outcome, failure);
}

function withAttempt(
  log: AttemptLog,
  candidate: Candidate,
  end: Pick<AttemptRecord, 'outcome' | 'durationMs'>,
): AttemptLog {
  const { target, tier } = candidate;
  return { ...log, attempts: [...log.attempts, { target: target.id, tier, ...end }], last: candidate };
}
