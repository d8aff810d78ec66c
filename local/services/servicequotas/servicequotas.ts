/**
 * Service Quotas of Bedrock: the list that tells how much an account may take of each model, and nothing else.
 *
 * Invariant: rows and the throttling of bedrock-runtime come from one book of quotas in the world; this service only
 * reads it. It owns no state.
 */
import * as client from '@aws-sdk/client-service-quotas';
import type { ServiceDefinition } from '../../service.ts';
import type { World } from '../../world/world.ts';
import { listServiceQuotas } from './list-service-quotas.ts';

/** Service Quotas over this world. */
export function serviceQuotasService(world: World): ServiceDefinition {
  return {
    service: 'servicequotas',
    signingNames: ['servicequotas'],
    client,
    operations: {
      ListServiceQuotas: (input, context) => listServiceQuotas(world, input, context),
    },
    questionsOf: (_, { operation, account }) => [
      { action: `servicequotas:${operation}`, resource: '*', account },
    ],
    targetOf: (_operation, { ServiceCode }) => (typeof ServiceCode === 'string' ? ServiceCode : undefined),
  };
}
