/**
 * The control plane of SageMaker, as far as endpoints go: models, configurations, endpoints, inference components.
 *
 * Invariant: what Describe answers is what an invocation meets. The inventory owns what was made through this API; the
 * capacity owns how many copies serve.
 */
import * as client from '@aws-sdk/client-sagemaker';
import type { ServiceDefinition } from '../../service.ts';
import {
  createEndpoint,
  deleteEndpoint,
  describeEndpoint,
  updateEndpointWeightsAndCapacities,
} from './endpoints.ts';
import type { Fleet } from './fleet.ts';
import {
  createInferenceComponent,
  deleteInferenceComponent,
  describeInferenceComponent,
  updateInferenceComponentRuntimeConfig,
} from './inference-components.ts';
import { listInferenceComponents } from './list-inference-components.ts';
import {
  createEndpointConfig,
  createModel,
  deleteEndpointConfig,
  deleteModel,
} from './models-and-configs.ts';

/** SageMaker's endpoint APIs over this fleet. */
export function sagemakerService(fleet: Fleet): ServiceDefinition {
  const { inventory } = fleet;
  return {
    service: 'sagemaker',
    signingNames: ['sagemaker'],
    client,
    operations: {
      CreateModel: (input, context) => createModel(inventory, input, context),
      DeleteModel: (input, context) => deleteModel(inventory, input, context),
      CreateEndpointConfig: (input, context) => createEndpointConfig(inventory, input, context),
      DeleteEndpointConfig: (input, context) => deleteEndpointConfig(inventory, input, context),
      CreateEndpoint: (input, context) => createEndpoint(fleet, input, context),
      DescribeEndpoint: (input, context) => describeEndpoint(fleet, input, context),
      UpdateEndpointWeightsAndCapacities: (input, context) =>
        updateEndpointWeightsAndCapacities(fleet, input, context),
      DeleteEndpoint: (input, context) => deleteEndpoint(fleet, input, context),
      CreateInferenceComponent: (input, context) => createInferenceComponent(fleet, input, context),
      DescribeInferenceComponent: (input, context) => describeInferenceComponent(fleet, input, context),
      ListInferenceComponents: (input, context) => listInferenceComponents(fleet, input, context),
      UpdateInferenceComponentRuntimeConfig: (input, context) =>
        updateInferenceComponentRuntimeConfig(fleet, input, context),
      DeleteInferenceComponent: (input, context) => deleteInferenceComponent(fleet, input, context),
    },
    questionsOf: ({ EndpointName, InferenceComponentName }, { operation, account, region }) => {
      const place = `arn:aws:sagemaker:${region}:${account}`;
      const action = `sagemaker:${operation}`;
      if (operation.startsWith('List')) return [{ action, resource: '*', account }];
      const resource =
        InferenceComponentName === undefined
          ? `${place}:endpoint/${String(EndpointName).toLowerCase()}`
          : `${place}:inference-component/${String(InferenceComponentName)}`;
      return [{ action, resource, account }];
    },
    targetOf: (_operation, input) => {
      const name = input.EndpointName ?? input.EndpointNameEquals ?? input.InferenceComponentName;
      return typeof name === 'string' ? name : undefined;
    },
  };
}
