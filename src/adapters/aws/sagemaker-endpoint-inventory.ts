/** SageMaker's endpoints of one account and region, through the SDK's own client. */
import {
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { EndpointInventory, EndpointStatus } from '#usecases/ports/endpoint-inventory.ts';
import { translated } from './to-house-error.ts';

export function createSageMakerEndpointInventory(client: SageMakerClient): EndpointInventory {
  return {
    async loadEndpoint({ endpoint, component }, signal) {
      const described = await unlessMissing('DescribeEndpoint', () =>
        client.send(new DescribeEndpointCommand({ EndpointName: endpoint }), { abortSignal: signal }),
      );
      if (described === undefined) return undefined;
      const status = described.EndpointStatus ?? '';
      if (component === undefined) {
        const variants = described.ProductionVariants ?? [];
        return {
          status,
          copiesInService: sum(variants.map((variant) => variant.CurrentInstanceCount)),
          copiesDesired: sum(variants.map((variant) => variant.DesiredInstanceCount)),
        };
      }
      return await loadComponent(client, { endpoint, component, status }, signal);
    },
  };
}

async function loadComponent(
  client: SageMakerClient,
  name: { readonly endpoint: string; readonly component: string; readonly status: string },
  signal: AbortSignal,
): Promise<EndpointStatus | undefined> {
  const call = new DescribeInferenceComponentCommand({ InferenceComponentName: name.component });
  const described = await unlessMissing('DescribeInferenceComponent', () =>
    client.send(call, { abortSignal: signal }),
  );
  // A component of that name on another endpoint is not the target that the configuration means.
  if (described === undefined || described.EndpointName !== name.endpoint) return undefined;
  // The endpoint can be well while its component has failed, and the other way round: the worse one speaks.
  const status = name.status === 'InService' ? (described.InferenceComponentStatus ?? '') : name.status;
  return {
    status,
    copiesInService: described.RuntimeConfig?.CurrentCopyCount ?? 0,
    copiesDesired: described.RuntimeConfig?.DesiredCopyCount ?? 0,
  };
}

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}

/** SageMaker has no error of its own for a missing endpoint: a ValidationException says so in words. */
async function unlessMissing<T>(operation: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error && /could not find/i.test(error.message)) return undefined;
    return await translated(operation, () => Promise.reject(error));
  }
}
