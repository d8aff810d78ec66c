import type { CallContext, CallReach } from '../../service.ts';
import { EVERYWHERE } from '../../world/facts.ts';
import type { QuotaScope } from '../../world/quota-book.ts';
import { type Caller, resolveTarget, type ServingTarget } from '../../world/resolve-target.ts';
import type { World } from '../../world/world.ts';
import { accessDenied, invalid, throttled } from './refusals.ts';

/** The target that a call names, or a refusal when it does not stand here. */
export function findTarget(world: World, identifier: unknown, context: CallContext): ServingTarget {
  const resolution = resolveTarget(world, context, text(identifier));
  if (!resolution.found) throw invalid('The provided model identifier is invalid.');
  return resolution.target;
}

/** Where a prompt may go with this identifier. One that stands for nothing gets no further than its region. */
export function reachOfCall(world: World, identifier: unknown, caller: Caller): CallReach {
  const resolution = resolveTarget(world, caller, text(identifier));
  return { reach: resolution.found ? resolution.target.reach : [caller.region] };
}

function text(identifier: unknown): string {
  return typeof identifier === 'string' ? identifier : '';
}

/** Refuses a plain model id where only a profile can be called. */
export function requireThroughput({ id, plain, model }: ServingTarget): void {
  if (!plain || model.inferenceTypes.includes('ON_DEMAND')) return;
  throw invalid(
    `Invocation of model ID ${id} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
  );
}

/** Refuses an account that may not use the model. */
export function requireAccess(target: ServingTarget, context: CallContext): void {
  const { model, id } = target;
  if (model.denied) {
    throw accessDenied(
      `User: ${context.caller.arn} is not authorized to perform: bedrock:InvokeModel on resource: ${id} with an explicit deny in a service control policy`,
    );
  }
  if (model.agreementAvailability.status === 'PENDING') {
    throw accessDenied(
      'Model access is denied because the AWS Marketplace subscription for this model is still being processed. Try again in up to 15 minutes.',
    );
  }
  const usable =
    model.authorizationStatus === 'AUTHORIZED' &&
    model.entitlementAvailability === 'AVAILABLE' &&
    model.agreementAvailability.status === 'AVAILABLE';
  if (!usable) throw accessDenied("You don't have access to the model with the specified model ID.");
}

/** Throttles every call of an account that has no quota of the model, in the scope that the call is counted in. */
export function requireQuota(world: World, target: ServingTarget, context: CallContext): void {
  const { account, region } = context;
  const { modelId } = target.model.fact;
  const { tokensPerMinute, requestsPerMinute, tokensPerDay } = world.quotas.values({
    account,
    region,
    scope: scopeOf(target),
    modelId,
  });
  if (tokensPerDay === 0) throw throttled('Too many tokens per day, please wait before trying again.');
  if (tokensPerMinute === 0) throw throttled('Too many tokens, please wait before trying again.');
  if (requestsPerMinute === 0) throw throttled('Too many requests, please wait before trying again.');
}

function scopeOf({ plain, destinations }: ServingTarget): QuotaScope {
  if (plain) return 'on-demand';
  return destinations.includes(EVERYWHERE) ? 'global' : 'cross-region';
}
