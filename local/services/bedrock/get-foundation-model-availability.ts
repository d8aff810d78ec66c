import {
  type GetFoundationModelAvailabilityCommandOutput,
  type GetFoundationModelAvailabilityRequest,
  ResourceNotFoundException,
} from '@aws-sdk/client-bedrock';
import type { CallContext } from '../../service.ts';
import type { World } from '../../world/world.ts';

/** How the account stands to one base model here. A profile id is no model: 404. */
export function getFoundationModelAvailability(
  world: World,
  input: GetFoundationModelAvailabilityRequest,
  context: CallContext,
): Omit<GetFoundationModelAvailabilityCommandOutput, '$metadata'> {
  const modelId = input.modelId ?? '';
  const model = world.models.state(context.account, context.region, modelId);
  if (!model) {
    throw new ResourceNotFoundException({
      message: `The foundation model ${modelId} could not be found.`,
      $metadata: {},
    });
  }
  return {
    modelId,
    agreementAvailability: { ...model.agreementAvailability } as { status: 'AVAILABLE' },
    authorizationStatus: model.authorizationStatus as 'AUTHORIZED',
    entitlementAvailability: model.entitlementAvailability as 'AVAILABLE',
    regionAvailability: model.regionAvailability as 'AVAILABLE',
  };
}
