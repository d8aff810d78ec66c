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
  /** Requests that one copy serves at a time. */
  readonly concurrencyPerCopy: number;
  /** The model name that the container answers to; any other is refused. Undefined: every name is. */
  readonly servedModel?: string | undefined;
  /** What the container speaks. @default - `openai` */
  readonly api?: 'openai' | 'tgi' | undefined;
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
      client.send(
        new CreateModelCommand({
          ModelName: plan.endpoint,
          ExecutionRoleArn: role,
          PrimaryContainer: { Image: image(plan), Environment: environmentOf(plan) },
        }),
      ),
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

/** A name of the right form; the stand-in runs no container. */
const image = (plan: EndpointPlan): string =>
  `${plan.account}.dkr.ecr.${plan.region}.amazonaws.com/serving:latest`;

/** As the large-model containers of SageMaker read them, and TGI's. */
function environmentOf(plan: EndpointPlan): Record<string, string> {
  if (plan.api === 'tgi') {
    const model = plan.servedModel ?? plan.endpoint;
    return { HF_MODEL_ID: model, MAX_BATCH_SIZE: String(plan.concurrencyPerCopy) };
  }
  return {
    OPTION_MAX_ROLLING_BATCH_SIZE: String(plan.concurrencyPerCopy),
    ...(plan.servedModel === undefined ? {} : { OPTION_SERVED_MODEL_NAME: plan.servedModel }),
  };
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
