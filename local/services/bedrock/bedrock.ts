/**
 * The control plane of Bedrock: what an account may use in a region. Reads the world, changes nothing.
 *
 * Invariant: the three discovery APIs and the data plane answer from one world, under the same account and region.
 */
import * as client from '@aws-sdk/client-bedrock';
import type { ServiceDefinition } from '../../service.ts';
import { bareId } from '../../world/arn.ts';
import type { World } from '../../world/world.ts';
import {
  getAccountDataRetention,
  getGuardrail,
  getModelInvocationLogging,
  listEnforcedGuardrails,
  listGuardrails,
} from './account-settings.ts';
import { getFoundationModelAvailability } from './get-foundation-model-availability.ts';
import { getInferenceProfile, listInferenceProfiles } from './inference-profiles.ts';
import { listFoundationModels } from './list-foundation-models.ts';

/** Bedrock's discovery APIs over this world. */
export function bedrockService(world: World): ServiceDefinition {
  return {
    service: 'bedrock',
    signingNames: ['bedrock'],
    client,
    operations: {
      ListFoundationModels: (input, context) => listFoundationModels(world, input, context),
      ListInferenceProfiles: (input, context) => listInferenceProfiles(world, input, context),
      GetInferenceProfile: (input, context) => getInferenceProfile(world, input, context),
      GetFoundationModelAvailability: (input, context) =>
        getFoundationModelAvailability(world, input, context),
      GetModelInvocationLoggingConfiguration: (_, context) => getModelInvocationLogging(world, context),
      GetAccountDataRetention: (_, context) => getAccountDataRetention(world, context),
      ListGuardrails: (input, context) => listGuardrails(world, input, context),
      GetGuardrail: (input, context) => getGuardrail(world, input, context),
      ListEnforcedGuardrailsConfiguration: (_, context) => listEnforcedGuardrails(world, context),
    },
    questionsOf: (_, { operation, account }) => [{ action: `bedrock:${operation}`, resource: '*', account }],
    targetOf: (_operation, input) => {
      const identifier = input.modelId ?? input.inferenceProfileIdentifier;
      return typeof identifier === 'string' ? bareId(identifier) : undefined;
    },
  };
}
