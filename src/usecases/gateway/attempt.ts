import { requestHeaders } from '#contract/http.ts';
import type { ChatFeature } from '#core/chat/chat-request.ts';
import { isDroppable } from '#core/chat/droppable-feature.ts';
import type { Candidate, Decision, HeardFailure, RejectionCode } from '#core/decide/decision.ts';
import { featuresOfWay } from '#core/decide/json-way.ts';
import { refusedFeatures } from '#core/decide/refused-features.ts';
import { classifyFailure, type FailureVerdict } from '#core/failures/classify-failure.ts';
import { restAfterThrottle } from '#core/failures/pool-rest.ts';
import { isAboutSchema } from '#core/failures/refused-feature.ts';
import { admit } from './admit.ts';
import { decideCall, type Learned, nothingLearned, remainingMs } from './decide.ts';
import type { Job, Run } from './job.ts';
import { isCallersDoing, isGrammarWait, noteFailure } from './note-failure.ts';
import {
  type AttemptLog,
  begun,
  type Progress,
  withAttempt,
  withDenial,
  withoutQuota,
  withRetryRefused,
  withSlotWait,
} from './progress.ts';
import type { QuotaDenial } from './quota-pools.ts';
import { refusalAfter } from './refusal-after.ts';
import { startOfAttempt } from './request-trace.ts';
import type { AskedSlot } from './slot-demand.ts';
import { waitForSlot } from './slot-wait.ts';
import type { Refusal } from './stage.ts';
import { endQuotaUnanswered, takeQuota } from './take-quota.ts';
import {
  type Answering,
  type PlainAnswer,
  type Streaming,
  type TryOutcome,
  tryTarget,
} from './try-target.ts';
import type { WakeUpTally } from './wake-up.ts';
import { meetsSleep, wantedTier } from './wanted-tier.ts';

/** One attempt budget a request; as many as the floor of the retry budget, so that dark regions cannot hide a target. */
export const ATTEMPTS_MAX = 10;

export type AttemptResult =
  | { readonly kind: 'streaming'; readonly answering: Streaming; readonly log: AttemptLog }
  | {
      readonly kind: 'answered';
      readonly answering: Answering;
      readonly answer: PlainAnswer;
      readonly log: AttemptLog;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly log: AttemptLog }
  | { readonly kind: 'left'; readonly log: AttemptLog };

/**
 * Stage 6. Decides, calls, and on a failure decides again without the target that failed, until a target answers or
 * nothing lawful is left. A streamed answer counts from its first content: until then nothing was shown and another
 * target may take over. A plain answer is read whole first, so that it can move on from any point.
 */
export function attempt(run: Run): Promise<AttemptResult> {
  return attemptFrom(run, begun);
}

/** The same after a target broke off inside its answer: it and those before it are not asked again. */
export function attemptAfter(
  run: Run,
  broken: Required<Pick<Progress, 'log' | 'verdict'>>,
): Promise<AttemptResult> {
  const tried = new Set(broken.log.attempts.map(({ target }) => target));
  return attemptFrom(run, { ...begun, ...broken, learned: { ...nothingLearned, tried } });
}

async function attemptFrom(run: Run, from: Progress): Promise<AttemptResult> {
  const { services, job } = run;
  let progress = from;
  for (;;) {
    const decision = decideCall(services, job, progress.learned);
    const next = nextCandidate(run, decision, progress);
    if (next.heldBack === true) progress = withRetryRefused(progress);
    if (next.kind === 'none') {
      const again = await waitForSlot(run, next.decision, progress);
      if (again === 'left') return { kind: 'left', log: progress.log };
      if (again === undefined) return refused(run, next, withWaking(run, decision, progress));
      progress = again;
      continue;
    }
    progress = withFirstDecision(run, decision, progress);
    const { candidate } = next;
    const claiming = services.healthSharing.claimProbe(candidate.target);
    // Another process's request is the probe: this one decides again, without the target.
    if (claiming !== undefined && !(await claiming)) continue;
    const taking = takeQuota(run, askedQuota(candidate, decision, progress));
    const quota = taking instanceof Promise ? await taking : taking;
    if (quota?.granted === false && !isSentAnyway(quota, progress)) {
      progress = withoutQuota(progress, candidate, quota);
      continue;
    }
    const reservation = quota?.granted === true ? quota.reservation : undefined;
    const admitting = admit(run, askedSlot(candidate, decision, progress));
    const admission = admitting instanceof Promise ? await admitting : admitting;
    if (!admission.granted) {
      reservation?.undo();
      if (admission.denial.reason === 'left') return { kind: 'left', log: progress.log };
      progress = withDenial(progress, candidate, admission.denial);
      continue;
    }
    progress = withSlotWait(progress, admission.waitedMs);
    if (progress.log.attempts.length > 0) services.book.countRetry(services.clock.now());
    const admitted = { lawfulLeft: lawfulLeft(decision), lease: admission.lease, quota: reservation };
    job.notes?.asked(candidate, services.clock.now());
    const outcome = await tryTarget(run, candidate, admitted);
    if (outcome.kind === 'failed' || outcome.kind === 'left')
      endQuotaUnanswered(reservation, job, { sent: outcome.callsSent > 0 });
    if (outcome.kind === 'failed') {
      progress = learn(run, progress, { candidate, outcome });
      continue;
    }
    if (outcome.kind !== 'left')
      services.book.grammars.answered({
        candidate,
        call: job.call,
        at: services.clock.now(),
      });
    const log = withAttempt(progress.log, candidate, {
      outcome: outcome.kind === 'left' ? 'cancelled' : 'answered',
      durationMs: outcome.durationMs,
      ...startOfAttempt(services, job, outcome.durationMs),
      callsSent: outcome.callsSent,
    });
    return outcome.kind === 'left' ? { kind: 'left', log } : { ...outcome, log };
  }
}

/** While the ledger is away, AWS's own answer is the last word on its quota for those whom nobody else may answer. */
function isSentAnyway(denial: QuotaDenial, { learned }: Progress): boolean {
  return denial.reason === 'full' && denial.unheard && learned.lastResort === true;
}

function refused(run: Run, next: Next & { readonly kind: 'none' }, progress: Progress): AttemptResult {
  const { verdict, callersFault, log, learned } = progress;
  const refusal = refusalAfter({
    code: next.code,
    decision: next.decision,
    attempts: log.attempts,
    verdict,
    callersFault,
    model: run.job.call.work.request.model,
    refused: heardRefusals(run),
    guardrail: namesGuardrail(run),
    tooSmall: [...(learned.neverFits?.values() ?? [])],
    windowTokensMax: windowTokensMax(run, next.decision),
    chainsDeadline: hasChainsDeadline(run),
    at: run.services.clock.now(),
  });
  return { kind: 'refused', refusal, log };
}

/** The largest context window of those that were left out for theirs. */
function windowTokensMax({ job: { sourced } }: Run, { trail }: Decision): number | undefined {
  const tooShort = new Set(
    trail.removed.filter(({ code }) => code === 'context-too-long').map(({ target }) => target),
  );
  const windows = [...sourced.targets, ...sourced.baseline]
    .filter(({ id }) => tooShort.has(id))
    .flatMap(({ contextTokensMax }) => contextTokensMax ?? []);
  return windows.length === 0 ? undefined : Math.max(...windows);
}

/** It has a deadline, and did not name it. */
function hasChainsDeadline({ job: { arrival, call } }: Run): boolean {
  return (
    call.options.deadlineMs !== undefined && arrival.request.headers.get(requestHeaders.deadlineMs) === null
  );
}

/** What targets of this model were heard to refuse of what this call needs. */
function heardRefusals({ services: { book, clock }, job: { call, sourced } }: Run): readonly ChatFeature[] {
  const asked = { needs: call.needs, conditions: book.view(), at: clock.now() };
  const targets = [...sourced.targets, ...sourced.baseline];
  return [...new Set(targets.flatMap((target) => refusedFeatures(target, asked)))];
}

function namesGuardrail({ job }: Run): boolean {
  const { needs } = job.call;
  return needs.work !== 'embedding' && needs.guardrail;
}

type Next = (
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** `decision`: the one that says why. */
  | { readonly kind: 'none'; readonly code: RejectionCode; readonly decision: Decision }
) & {
  /** The retry budget has nothing left for the best of the plan. */
  readonly heldBack?: boolean;
};

/** The first of the plan that the budgets allow; within the request's time and attempts. */
function nextCandidate(run: Run, decision: Decision, progress: Progress): Next {
  const { services, job } = run;
  const { book, clock } = services;
  const sent = progress.log.attempts.length;
  if (remainingMs(services, job) <= 0)
    return sent === 0
      ? { kind: 'none', code: 'deadline_exceeded', decision }
      : withoutBudget(run, progress.learned, 'deadline_exceeded');
  if (progress.verdict?.class === 'callers-fault' && !progress.verdict.largerContextHelps)
    return { kind: 'none', code: 'invalid_request', decision };
  if (decision.kind === 'rejected') return { kind: 'none', code: decision.code, decision };
  if (sent >= ATTEMPTS_MAX) return withoutBudget(run, progress.learned, 'upstream_failed');
  const at = clock.now();
  const candidate =
    sent === 0 ? decision.plan[0] : decision.plan.find(({ target }) => book.mayRetry(target, at));
  if (candidate === undefined)
    return { ...withoutBudget(run, progress.learned, 'upstream_failed'), heldBack: true };
  return { kind: 'candidate', candidate, heldBack: candidate !== decision.plan[0] };
}

/** Nobody is left whom this request may still ask: to wait, where those that were asked say so, or else `otherwise`. */
function withoutBudget({ services, job }: Run, learned: Learned, otherwise: RejectionCode): Next {
  const everyone = [...job.sourced.targets, ...job.sourced.baseline].map(({ id }) => id);
  const unasked = new Set(everyone.filter((id) => !learned.tried.has(id)));
  const decision = decideCall(services, job, {
    ...learned,
    tried: new Set([...learned.tried, ...everyone]),
    unasked,
  });
  const waits = decision.kind === 'rejected' && decision.code === 'capacity_exhausted';
  return { kind: 'none', code: waits ? 'capacity_exhausted' : otherwise, decision };
}

function lawfulLeft(decision: Decision): number {
  return decision.kind === 'routed' ? decision.plan.length : 1;
}

/** Who was answered by a failure comes to no second round: the only one that is left is the last. */
function askedQuota(candidate: Candidate, decision: Decision, { log, learned }: Progress) {
  const isOnlyOne = log.attempts.length > 0 && lawfulLeft(decision) === 1;
  const lastResort = learned.lastResort === true || isOnlyOne;
  return { candidate, wantedTier: log.firstTier ?? candidate.tier, lastResort };
}

function askedSlot(candidate: Candidate, decision: Decision, { log, learned }: Progress): AskedSlot {
  return {
    candidate,
    wantedTier: log.firstTier ?? candidate.tier,
    ordinal: log.attempts.length + log.denials,
    plan: decision.kind === 'routed' ? decision.plan : [candidate],
    waitedMs: log.slotWaitMs,
    lastResort: learned.lastResort === true,
  };
}

/** At the first decision: notes the tier it wanted, and wakes what sleeps while the request goes elsewhere. */
function withFirstDecision({ services, job }: Run, decision: Decision, progress: Progress): Progress {
  if (decision.kind === 'rejected' || progress.log.firstTier !== undefined) return progress;
  const [best] = decision.plan;
  const spills = best.tier !== 'dedicated' && meetsSleep(job, decision);
  const wakeUps: WakeUpTally = { sent: 0 };
  if (spills) wake({ services, job }, decision.wakeUps, wakeUps);
  const firstTier = wantedTier(job, decision);
  const cold = spills ? ({ spilledFromCold: true } as const) : {};
  const decided = decidedNow(services, job);
  return { ...progress, log: { ...progress.log, wakeUps, firstTier, ...cold, ...decided } };
}

function decidedNow({ live, clock }: Run['services'], { arrival }: Job): { readonly decidedMs?: number } {
  return live.desk === undefined ? {} : { decidedMs: clock.monotonicMs() - arrival.startedMs };
}

/** Where nobody is awake who may answer: whoever asks again soon finds somebody. */
function withWaking({ services, job }: Run, decision: Decision, progress: Progress): Progress {
  const wasRouted = decision.kind === 'routed' || progress.log.firstTier !== undefined;
  if (wasRouted || decision.wakeUps.length === 0) return progress;
  const wakeUps: WakeUpTally = { sent: 0 };
  wake({ services, job }, decision.wakeUps, wakeUps);
  return { ...progress, log: { ...progress.log, wakeUps, spilledFromCold: true } };
}

/** The call's own words wake them: whoever may hear those stands in its record. */
function wake({ services, job }: Run, sleeping: readonly Candidate[], tally: WakeUpTally): void {
  job.notes?.woke(sleeping);
  services.wakeUps.send(sleeping, job.call.work, tally);
}

interface FailedTry {
  readonly candidate: Candidate;
  readonly outcome: TryOutcome & { readonly kind: 'failed' };
}

/** Health, signals, and what the next decision must know. */
function learn({ services, job }: Run, progress: Progress, { candidate, outcome }: FailedTry): Progress {
  const { failure, durationMs, callsSent } = outcome;
  const verdict = classifyFailure(failure.signal);
  const began = startOfAttempt(services, job, durationMs);
  const waitedMs = outcome.slicedWait ? durationMs : undefined;
  const { call, sourced } = job;
  const grammarWait = isGrammarWait(services, { candidate, failure, call });
  const peers = sourced.targets;
  noteFailure(services, { candidate, failure, verdict, waitedMs, call, peers, grammarWait });
  const heard = new Map(progress.learned.heard);
  heard.set(candidate.target.id, heardOf(verdict, services.clock.now()));
  return {
    log: withAttempt(progress.log, candidate, { outcome: verdict.outcome, durationMs, ...began, callsSent }),
    waits: progress.waits,
    learned: { ...learnedFrom(progress.learned, { job, candidate, verdict, grammarWait }), heard },
    verdict,
    callersFault: verdict.class === 'callers-fault' ? failure : progress.callersFault,
  };
}

interface Failing {
  readonly job: Job;
  readonly candidate: Candidate;
  readonly verdict: FailureVerdict;
  readonly grammarWait: boolean;
}

function learnedFrom(learned: Learned, { job, candidate, verdict, grammarWait }: Failing): Learned {
  const { target } = candidate;
  const { tried, troubledRegions, contextTokensAbove = 0, lastResort, full, neverFits } = learned;
  const mayBeAgain = grammarWait ? hasTool(candidate) : mayBeCalledAgain(job, candidate, verdict);
  // An endpoint that fails says nothing of Bedrock beside it, and a schema that is compiled nothing of the region.
  const troubles =
    target.kind === 'bedrock' && !grammarWait && (verdict.class === 'broken' || verdict.countsAgainstRegion);
  const tooSmall = verdict.largerContextHelps ? (target.contextTokensMax ?? Number.MAX_SAFE_INTEGER) : 0;
  const above = Math.max(contextTokensAbove, tooSmall);
  const schemaRefused = learned.schemaRefused === true || isAboutSchema(verdict.heard);
  const schemaCompiles = grammarWait || learned.schemaCompiles === true;
  return {
    lastResort,
    full,
    neverFits,
    tried: mayBeAgain ? tried : new Set([...tried, target.id]),
    troubledRegions: troubles ? new Set([...troubledRegions, target.region]) : troubledRegions,
    ...(above > 0 ? { contextTokensAbove: above } : {}),
    ...(schemaRefused ? { schemaRefused } : {}),
    ...(schemaCompiles ? { schemaCompiles } : {}),
  };
}

/** A throttle without a wish of its own rests as long as a first one may. */
function heardOf(verdict: FailureVerdict, at: number): HeardFailure {
  if (verdict.class !== 'quota') return { class: verdict.class };
  const rest = restAfterThrottle(undefined, { at, chance: 1, wishMs: verdict.retryAfterMs });
  return { class: 'quota', retryAt: rest.until };
}

/** Of one that was asked for structured outputs: whether a tool may make the same answer. */
function hasTool({ jsonWayReason }: Candidate): boolean {
  return jsonWayReason !== 'tool-closed';
}

/**
 * It refuses what the same answer can be had without, and has not been asked without it yet: a stream, one of two
 * ways to JSON, or a feature that can be dropped. The next decision knows, by the conditions.
 */
function mayBeCalledAgain(
  { call }: Job,
  { target, dropped, jsonWay }: Candidate,
  verdict: FailureVerdict,
): boolean {
  const { needs } = call;
  const { refused } = verdict;
  if (isAboutSchema(verdict.heard)) return jsonWay === 'native';
  // What the caller may have said is kept in no condition, and would be refused again.
  if (refused === undefined || isCallersDoing(verdict, call)) return false;
  if (isDroppable(refused))
    return dropped?.includes(refused) !== true && needs.work === 'chat' && needs.features.includes(refused);
  if (jsonWay !== undefined && featuresOfWay[jsonWay].includes(refused)) return true;
  const streams = refused === 'streaming' || refused === 'streaming-tools';
  return streams && target.capabilities.streaming !== false;
}
