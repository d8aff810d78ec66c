import { inputTokensCeilingOf, isStreamed, type Work } from '#core/call/work.ts';
import type { Usage } from '#core/chat/model-event.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { estimatedUsage, type SeenAnswer } from '#core/limits/estimated-usage.ts';
import { limitedTokensOf } from '#core/limits/reserved-tokens.ts';
import { traceIdOf } from '#core/trace/span-of-call.ts';
import { microUsdOfPico, picoUsdOfRequest } from '#core/units/micro-usd.ts';
import type { AttemptRecord, ChainRecord, RequestRecord } from '../ports/gateway-metrics.ts';
import type { Credential } from '../ports/tenant-directory.ts';
import type { ChainLink } from './chain-book.ts';
import type { IncomingCall } from './ingress.ts';
import type { Job } from './job.ts';
import { kvReservedShare } from './kv-reserved-share.ts';
import type { AttemptLog } from './progress.ts';
import type { Charge } from './rate-limiter.ts';
import { sampledTrace, tellSpans } from './request-trace.ts';
import { serviceLevelOf } from './service-level.ts';
import type { Services } from './services.ts';
import { slotUse } from './slot-use.ts';
import { endQuota } from './take-quota.ts';
import type { Answering } from './try-target.ts';

/** How a request ended. */
export interface Ending {
  /** `answered`, `resumed`, `cancelled` or an error code. */
  readonly outcome: string;
  readonly log: AttemptLog;
  readonly answering?: Answering | undefined;
  /** Who began the answer. @default - `answering` */
  readonly first?: Answering | undefined;
  /** What a target that broke off made of the answer: part of `answer.usage`. */
  readonly earlier?: { readonly candidate: Candidate; readonly usage: Usage } | undefined;
  readonly answer?:
    | ({
        readonly usage: Usage | undefined;
      } & SeenAnswer)
    | undefined;
}

/** Whether the caller got all that it waited for. */
export function isDelivered(outcome: string): boolean {
  return outcome === 'answered' || outcome === 'resumed' || outcome === 'cancelled';
}

/** Stage 8. Health of the target that answered, metrics, and one log line. Called exactly once for each call. */
export function settle(services: Services, job: Job, ending: Ending): void {
  const { answering, outcome } = ending;
  const delivered = isDelivered(outcome);
  // How soon a target counts says nothing of how soon it answers.
  if (answering !== undefined && delivered && job.call.work.kind !== 'count-tokens') {
    const at = services.clock.now();
    services.book.answered(answering.candidate.target, {
      at,
      firstContentMs: answering.firstContentMs,
      calledAt: Math.floor(at - (services.clock.monotonicMs() - answering.calledMs)),
      peers: job.sourced.targets,
      origin: job.call.origin,
      model: job.call.work.request.model,
    });
    services.warmth.answered(answering.candidate.target);
  }
  if (answering !== undefined && job.marks !== undefined) {
    const { candidate } = answering;
    const usage = ending.answer?.usage;
    services.affinity.ended(job.marks, { candidate, outcome, usage }, services.clock.now());
  }
  settleCharge(job, ending);
  settleQuotas(job, ending);
  learnSize(services, job, ending);
  const noted = services.chainNotes?.ended(job, metCold(ending.log));
  services.learned.share(job.placement.tenant.name, noted);
  const record = recordOf(services, job, ending);
  services.metrics.record(record);
  services.live.desk?.noted(record, ending.log);
  writeLog(services, job, record);
  services.audit?.ended(job, ending, record);
  tellSpans(services, job, record);
}

/** By which a slow request is found again: the caller's, or that of our own spans. */
function traceIdOfRequest(services: Services, job: Job): string | undefined {
  const { traceparent } = job.call.options;
  return traceparent === undefined ? sampledTrace(services, job)?.traceId : traceIdOf(traceparent);
}

/** Two targets may have answered, each from a pool of its own. */
function settleQuotas(job: Job, { answering, first = answering, earlier, answer }: Ending): void {
  const usage = answer?.usage;
  if (first !== answering) endQuota(first?.quota, job, { usage: earlier?.usage });
  const own = usage !== undefined && earlier !== undefined ? without(usage, earlier.usage) : usage;
  endQuota(answering?.quota, job, { usage: own, seen: answer });
}

/** Of a whole answer of one target: only then its length and its input are those of the call. */
function learnSize({ sizes }: Services, job: Job, { answering, answer, outcome }: Ending): void {
  if (outcome === 'answered' && answering !== undefined && answer?.usage !== undefined)
    sizes.answered(job, answering.candidate.target, answer.usage);
}

/** What was taken from the tenant's limits and not used goes back. */
function settleCharge({ charge, call }: Job, ending: Ending): void {
  charge?.settle(tokensCharged(charge, ending, call));
}

/** Where nobody told what was used: what was read and shown, and all that was taken where not even that is known. */
function tokensCharged({ estimate }: Charge, ending: Ending, { work, options }: IncomingCall): number {
  const { answering, answer, log, outcome } = ending;
  const { input, reserved } = estimate;
  if (answer?.usage !== undefined) return believedTokens(limitedTokensOf(answer.usage), work, reserved);
  // A model has read the prompt of a caller that left, or that set its own end, whether or not it had begun to answer.
  const hasOwnDeadline = options.deadlineMs !== undefined;
  const left = outcome === 'cancelled' || (outcome === 'deadline_exceeded' && hasOwnDeadline);
  if (answering === undefined) return left && log.callsSent > 0 ? input : 0;
  if (answer?.deltas === undefined && answer?.characters === undefined) return reserved;
  return Math.min(reserved, limitedTokensOf(estimatedUsage(work, answer)));
}

/**
 * What a target says, up to what two targets could have made of this call: a container that counts wrong must not lock a
 * tenant out for years.
 */
function believedTokens(told: number, work: Work, reserved: number): number {
  return told <= reserved ? told : Math.min(told, 2 * (inputTokensCeilingOf(work) + reserved));
}

function recordOf(services: Services, job: Job, ending: Ending): RequestRecord {
  const { clock } = services;
  const { arrival, placement, call, chain } = job;
  const { work } = call;
  const { answering, first = answering, log, answer, outcome } = ending;
  const endedMs = clock.monotonicMs();
  const last = answering?.candidate ?? log.last;
  const firstMs =
    first === undefined || work.kind !== 'chat' ? undefined : first.calledMs + first.firstContentMs;
  const durationMs = endedMs - arrival.startedMs;
  const firstTokenMs = firstMs === undefined ? undefined : firstMs - arrival.startedMs;
  return {
    at: clock.now(),
    requestId: arrival.requestId,
    model: work.request.model,
    work: work.kind,
    residency: placement.policy.name,
    tenant: placement.tenant.name,
    lane: call.options.lane,
    tier: last?.tier,
    target: last?.target.id,
    outcome,
    attempts: log.attempts,
    wakeUps: log.wakeUps.sent,
    leaseDenials: log.denials,
    slotWaitMs: log.slotWaitMs,
    ...slotUse(services, { answering, endedMs }),
    metCold: metCold(log) ? true : undefined,
    retriesRefused: log.retriesRefused,
    traceId: traceIdOfRequest(services, job),
    kvReservedShare: kvReservedShare(services, job, { answering, endedMs, usage: answer?.usage }),
    spilled:
      answering !== undefined && log.firstTier !== undefined && answering.candidate.tier !== log.firstTier,
    ...(chain === undefined || services.chainNotes !== undefined
      ? {}
      : { chain: chainRecordOf(chain, job.preWarms?.sent ?? 0, log) }),
    streamed: isStreamed(work),
    durationMs,
    timeToFirstTokenMs: firstTokenMs,
    serviceLevel: serviceLevelOf({
      ...{ outcome, firstTokenMs, durationMs },
      hasOwnDeadline: call.options.deadlineMs !== undefined,
      objectiveMs: firstTokenObjectiveMs(services.config, work.request.model),
    }),
    timePerOutputTokenMs: firstMs === undefined ? undefined : pace(endedMs - firstMs, answer?.usage),
    ...money(work, ending),
  };
}

/** What the configuration promises of a model. */
const firstTokenObjectiveMs = ({ models, slo }: Services['config'], model: string): number =>
  models[model]?.slo?.firstTokenMs ?? slo.firstTokenMs;

/** The outcome of an attempt at a target that was thought to be awake and had no copy. */
const COLD = 'cold';

function chainRecordOf(chain: ChainLink, preWarms: number, log: AttemptLog): ChainRecord {
  const { firstModel, isFirst } = chain;
  return { firstModel, isFirst, turnedCold: metCold(log) && chain.wentCold(), preWarms };
}

function metCold({ spilledFromCold, attempts }: AttemptLog): boolean {
  return spilledFromCold === true || attempts.some(({ outcome }) => outcome === COLD);
}

function pace(milliseconds: number, usage: Usage | undefined): number | undefined {
  return usage === undefined || usage.outputTokens < 2 ? undefined : milliseconds / (usage.outputTokens - 1);
}

function money(work: Work, { answering, earlier, answer }: Ending): Partial<RequestRecord> {
  // A count uses nothing.
  if (answering === undefined || answer === undefined || work.kind === 'count-tokens') return {};
  if (answer.usage !== undefined) return moneyFor(answer.usage, { answering, earlier });
  const usage = estimatedUsage(work, answer, earlier === undefined ? 1 : 2);
  const halved = earlier && { ...earlier.usage, inputTokens: usage.inputTokens / 2 };
  const before = earlier && halved && { ...earlier, usage: halved };
  return { ...moneyFor(usage, { answering, earlier: before }), usageEstimated: true };
}

function moneyFor(
  usage: Usage,
  { answering, earlier }: { readonly answering: Answering; readonly earlier: Ending['earlier'] },
): Partial<RequestRecord> {
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  const costPicoUsd =
    earlier === undefined
      ? costOf(answering.candidate, usage)
      : total(
          costOf(earlier.candidate, earlier.usage),
          costOf(answering.candidate, without(usage, earlier.usage)),
        );
  return { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens, costPicoUsd };
}

function costOf({ target }: Candidate, usage: Usage): bigint | undefined {
  return picoUsdOfRequest(target.pricing, {
    inTokens: usage.inputTokens,
    outTokens: usage.outputTokens,
    cacheReadTokens: usage.cacheReadInputTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteInputTokens ?? 0,
  });
}

function total(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function without(usage: Usage, earlier: Usage): Usage {
  const inputTokens = usage.inputTokens - earlier.inputTokens;
  return { ...usage, inputTokens, outputTokens: usage.outputTokens - earlier.outputTokens };
}

/** By what the caller was known, so that a leaked credential can be traced: see `Credential`. */
function credentialFacts(credential: Credential | undefined): Readonly<Record<string, string>> {
  switch (credential?.kind) {
    case undefined:
      return {};
    case 'key':
      return { keyId: credential.keyId, keyLabel: credential.label };
    case 'configured-key':
      return { keyHashStart: credential.hashStart };
    case 'token': {
      const { issuer, subjectMark } = credential;
      return { tokenIssuer: issuer, ...(subjectMark === undefined ? {} : { tokenSubjectMark: subjectMark }) };
    }
    case 'principal':
      return { principal: credential.arn };
  }
}

function attemptLine({ target, outcome, dropped, jsonWay, jsonWayReason }: AttemptRecord): string {
  const without = dropped === undefined ? '' : ` without ${dropped.join(' and ')}`;
  const json = jsonWay === undefined ? '' : ` json-by ${jsonWay}`;
  return `${target} ${outcome}${without}${json}${jsonWayReason === undefined ? '' : ` (${jsonWayReason})`}`;
}

/** An allow-list: names from the configuration, ids, closed words and numbers. Nothing that a caller wrote. */
function writeLog({ log, region }: Services, job: Job, record: RequestRecord): void {
  const { requestId, model, residency, tenant, tier, target, outcome, attempts } = record;
  log.write(isDelivered(outcome) ? 'info' : 'warn', 'request', {
    requestId,
    traceId: record.traceId,
    gatewayRegion: region,
    model,
    work: record.work,
    residency,
    tenant,
    lane: record.lane,
    ...credentialFacts(job.placement.tenant.credential),
    tier: tier ?? null,
    target: target ?? null,
    outcome,
    attempts: attempts.map(attemptLine),
    routeSource: job.sourced.source,
    routeVersion: job.sourced.version,
    leaseDenials: record.leaseDenials === 0 ? undefined : record.leaseDenials,
    slotWaitMs: record.slotWaitMs === 0 ? undefined : Math.round(record.slotWaitMs),
    streamed: record.streamed,
    durationMs: Math.round(record.durationMs),
    inputTokens: record.inputTokens ?? null,
    outputTokens: record.outputTokens ?? null,
    usageEstimated: record.usageEstimated,
    costMicroUsd: record.costPicoUsd === undefined ? null : microUsdOfPico(record.costPicoUsd),
  });
}
