import type { Usage } from '#core/chat/model-event.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { estimatedUsage, type SeenAnswer } from '#core/limits/estimated-usage.ts';
import type { Tier } from '#core/target.ts';
import type { Job, Run } from './job.ts';
import type { QuotaAnswer, QuotaCall, QuotaDenial, QuotaReservation } from './quota-pools.ts';
import type { Services } from './services.ts';
import { isSpilled } from './slot-demand.ts';

/** A call of one target, as its quota must know it. */
interface AskedQuota {
  readonly candidate: Candidate;
  /** The best tier of the route, whatever its state. */
  readonly wantedTier: Tier;
  /** Nobody else may answer the call. */
  readonly lastResort: boolean;
}

/**
 * Takes what a call may use from the quota pool of its target. Undefined where no limit is known: nothing is measured
 * then, and nobody is asked.
 */
export function takeQuota(
  { services, job }: Run,
  asked: AskedQuota,
): QuotaDenial | Promise<QuotaAnswer> | undefined {
  const call = quotaCallOf(services, job, asked);
  return call && services.quotas.reserve(asked.candidate.target, call);
}

/** Why it would get nothing, as far as this process knows; nobody is asked, and nothing is taken. */
export function foreseeQuota(services: Services, job: Job, asked: AskedQuota): QuotaDenial | undefined {
  const call = quotaCallOf(services, job, asked);
  return call && services.quotas.foresee(asked.candidate.target, call);
}

function quotaCallOf(services: Services, job: Job, asked: AskedQuota): QuotaCall | undefined {
  const { target, maxTokens } = asked.candidate;
  const { work } = job.call;
  // Counting runs no model.
  if (target.quotaTokensPerMinute === undefined || work.kind === 'count-tokens') return undefined;
  const { inputTokens } = services.sizes.of(job, target);
  const serviceTier = work.kind === 'chat' ? work.request.bedrock?.serviceTier : undefined;
  const { lastResort } = asked;
  return { inputTokens, maxTokens, serviceTier, isSpill: isSpilled(services, job, asked), lastResort };
}

/** The call brought no answer: a model may have read its prompt if it was sent, and has written nothing that counts. */
export function endQuotaUnanswered(
  quota: QuotaReservation | undefined,
  job: Job,
  call: { readonly sent: boolean },
): void {
  if (call.sent) quota?.settle(estimatedUsage(job.call.work, {}));
  else quota?.undo();
}

/** The call was answered, wholly or in part. Where nobody told what it used, what was seen of it counts. */
export function endQuota(
  quota: QuotaReservation | undefined,
  job: Job,
  answer: { readonly usage?: Usage | undefined; readonly seen?: SeenAnswer | undefined },
): void {
  const { usage, seen } = answer;
  quota?.settle(usage ?? (seen === undefined ? undefined : estimatedUsage(job.call.work, seen)));
}
