import type { Usage } from '#core/chat/model-event.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { estimatedUsage, type SeenAnswer } from '#core/limits/estimated-usage.ts';
import type { Job, Run } from './job.ts';
import type { QuotaAnswer, QuotaReservation } from './quota-pools.ts';

/**
 * Takes what a call may use from the quota pool of its target. Undefined where no limit is known: nothing is measured
 * then, and nobody is asked.
 */
export function takeQuota(
  { services, job }: Run,
  { target, maxTokens }: Candidate,
): Promise<QuotaAnswer> | undefined {
  const { work } = job.call;
  // Counting runs no model.
  if (target.quotaTokensPerMinute === undefined || work.kind === 'count-tokens') return undefined;
  const { inputTokens } = services.sizes.of(job, target);
  const serviceTier = work.kind === 'chat' ? work.request.bedrock?.serviceTier : undefined;
  return services.quotas.reserve(target, { inputTokens, maxTokens, serviceTier });
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
