/**
 * Creates the dedicated endpoints of a configuration, for local mode: in AWS the Dedicated stack does.
 *
 * Idempotent: what exists already is left as it is.
 */
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { AwsCredentials } from './sigv4-signer.ts';

export interface EndpointPlan {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly component?: string | undefined;
  readonly copies: number;
}

const variantName = 'main';
/** Only a name here: the stand-in has no instances, and in AWS the Dedicated stack chooses. */
const instanceType = 'ml.g6e.12xlarge';

/** @throws the SDK's error when an endpoint can be neither created nor found. */
export async function provisionEndpoint(
  plan: EndpointPlan,
  access: { readonly endpoint: string; readonly credentials: AwsCredentials },
): Promise<void> {
  const client = new SageMakerClient({ region: plan.region, maxAttempts: 1, ...access });
  const role = `arn:aws:iam::${plan.account}:role/endpoint-execution`;
  try {
    await unlessItExists(() =>
      client.send(new CreateModelCommand({ ModelName: plan.endpoint, ExecutionRoleArn: role })),
    );
    await unlessItExists(() =>
      client.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: plan.endpoint,
          ...(plan.component === undefined ? {} : { ExecutionRoleArn: role }),
          ProductionVariants: [
            {
              VariantName: variantName,
              ...(plan.component === undefined ? { ModelName: plan.endpoint } : {}),
              InstanceType: instanceType,
              InitialInstanceCount: plan.copies,
            },
          ],
        }),
      ),
    );
    await unlessItExists(() =>
      client.send(
        new CreateEndpointCommand({ EndpointName: plan.endpoint, EndpointConfigName: plan.endpoint }),
      ),
    );
    const component = plan.component;
    if (component === undefined) return;
    await unlessItExists(() =>
      client.send(
        new CreateInferenceComponentCommand({
          InferenceComponentName: component,
          EndpointName: plan.endpoint,
          VariantName: variantName,
          Specification: {
            ModelName: plan.endpoint,
            ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024 },
          },
          RuntimeConfig: { CopyCount: plan.copies },
        }),
      ),
    );
  } finally {
    client.destroy();
  }
}

/** SageMaker has no code for "exists already": it answers a ValidationException that says so. */
async function unlessItExists(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    const exists =
      error instanceof Error && error.name === 'ValidationException' && /already exist/i.test(error.message);
    if (!exists) throw error;
  }
}
