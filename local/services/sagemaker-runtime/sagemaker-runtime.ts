/**
 * The data plane of SageMaker: a container that speaks the OpenAI API behind each endpoint or inference component.
 *
 * Invariant: capacity is asked at each call, so that an endpoint that scaled to zero refuses the very next one. A prompt
 * stays in the endpoint's own region.
 */
import * as client from '@aws-sdk/client-sagemaker-runtime';
import type { ServiceDefinition } from '../../service.ts';
import type { Serving } from '../../world/answers/serving.ts';
import type { Fleet } from '../sagemaker/fleet.ts';
import { invokeEndpoint, invokeEndpointWithResponseStream } from './invoke-endpoint.ts';
import { orModelError, orStreamError } from './lost-copy.ts';

/** SageMaker Runtime over this fleet. */
export function sagemakerRuntimeService(fleet: Fleet, serving: Serving): ServiceDefinition {
  return {
    service: 'sagemaker-runtime',
    signingNames: ['sagemaker'],
    client,
    operations: {
      InvokeEndpoint: (input, context) => orModelError(invokeEndpoint({ fleet, serving }, input, context)),
      InvokeEndpointWithResponseStream: (input, context) =>
        orStreamError(invokeEndpointWithResponseStream({ fleet, serving }, input, context)),
    },
    questionsOf: (input, { operation, account, region }) => {
      const { EndpointName, InferenceComponentName: component } = input;
      const place = `arn:aws:sagemaker:${region}:${account}`;
      const action = `sagemaker:${operation}`;
      const endpoint = {
        action,
        resource: `${place}:endpoint/${String(EndpointName).toLowerCase()}`,
        account,
      };
      if (component === undefined) return [endpoint];
      return [endpoint, { action, resource: `${place}:inference-component/${String(component)}`, account }];
    },
    targetOf: (_operation, input) =>
      typeof input.EndpointName === 'string' ? input.EndpointName : undefined,
    reachOf: (_operation, _input, { region }) => ({ reach: [region], servedRegion: region }),
  };
}
