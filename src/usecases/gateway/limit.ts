import { estimateTokens, type TokenEstimate } from '#core/limits/reserved-tokens.ts';
import type { BucketMeter } from './bucket-meter.ts';
import type { Job } from './job.ts';
import type { Charge, RateAccount } from './rate-limiter.ts';
import type { Services } from './services.ts';
import type { Refusal } from './stage.ts';

export interface Limited {
  readonly charge: Charge;
  /** Why the request ends here. Then it was charged nothing. */
  readonly refusal?: Refusal | undefined;
}

/**
 * Between ingress and decide: takes one request, its estimated input and its longest answer from the tenant's limits.
 * Undefined for a tenant without limits, at once.
 */
export function limit(services: Services, job: Job): Promise<Limited> | undefined {
  const account = services.limiter.accountOf(job.placement.tenant.name, job.call.work.request.model);
  return account === undefined ? undefined : charge(account, job);
}

async function charge(account: RateAccount, job: Job): Promise<Limited> {
  const { call, sourced } = job;
  const estimate = estimateTokens(call.work, {
    targets: [...sourced.targets, ...sourced.baseline],
    outputTokensDefault: call.modelConfig.outputTokensDefault,
  });
  const { reserved } = estimate;
  const views = () => account.views();
  const uncharged: Charge = { estimate, views, settle: () => undefined };
  const tooSmall = account.tooSmallFor(reserved);
  if (tooSmall !== undefined) return { charge: uncharged, refusal: tooLarge(tooSmall, estimate) };
  const outcome = await account.reserve(reserved);
  if (outcome.kind === 'refused') {
    return { charge: uncharged, refusal: rateLimited(outcome.by, outcome.retryAfterMs) };
  }
  let open = true;
  const settle = (used: number) => {
    if (open) account.settle({ reserved, used }, outcome.safely);
    open = false;
  };
  return { charge: { estimate, settle, views } };
}

function rateLimited(by: BucketMeter, retryAfterMs: number): Refusal {
  const { rate, unit } = by.limited;
  const message = `Your ${limitName(by)} is used up: this gateway lets ${rate.perMinute} ${unit} a minute through. Try again in ${(retryAfterMs / 1000).toFixed(3)} s.`;
  return { code: 'rate_limited', message, retryAfterMs };
}

function tooLarge(by: BucketMeter, { input, reserved }: TokenEstimate): Refusal {
  const { perMinute } = by.limited.rate;
  const message = `This request may take ${reserved} tokens (about ${input} of input, and its longest answer): more than the ${perMinute} that this gateway lets through a minute by your ${limitName(by)}, so that it never fits. Ask for a shorter answer, or send less.`;
  return { code: 'request_too_large', message };
}

function limitName({ limited: { unit, model } }: BucketMeter): string {
  return model === undefined
    ? `limit of ${unit} a minute`
    : `limit of ${unit} a minute for the model "${model}"`;
}
