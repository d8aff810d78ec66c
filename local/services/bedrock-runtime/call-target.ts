import type { CallContext } from '../../service.ts';
import { bareId } from '../../world/arn.ts';
import { resolveTarget, type ServingTarget } from '../../world/resolve-target.ts';
import type { World } from '../../world/world.ts';
import { accessDenied, invalid } from './refusals.ts';

/** The target that a call names, found and noted in the journal; refused when it does not stand here. */
export function findTarget(world: World, identifier: unknown, context: CallContext): ServingTarget {
  const named = typeof identifier === 'string' ? identifier : '';
  const resolution = resolveTarget(world, context, named);
  if (!resolution.found) {
    context.note({ target: bareId(named), reach: [context.region] });
    throw invalid('The provided model identifier is invalid.');
  }
  context.note({ target: resolution.target.id, reach: resolution.target.reach });
  return resolution.target;
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
      `User: arn:aws:iam::${context.account}:user/caller is not authorized to perform: bedrock:InvokeModel on resource: ${id} with an explicit deny in a service control policy`,
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
