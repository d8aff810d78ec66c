import {
  CreateEndpointCommand,
  type CreateEndpointCommandInput,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateInferenceComponentCommand,
  type CreateInferenceComponentCommandInput,
  CreateModelCommand,
  type CreateModelCommandInput,
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerBody } from '#adapters/aws/container-body.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { deployedConfig } from '#test/builders/deployed-config.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';
import { synthesized } from '#test/lib/synthesized.ts';

type Properties = Readonly<Record<string, unknown>>;

/** By the type of resource, how AWS names what is made, and the call that makes it: a template's members are the API's. */
const makers: Readonly<
  Record<string, { readonly name: string; send(client: SageMakerClient, input: object): Promise<unknown> }>
> = {
  Model: {
    name: 'ModelName',
    send: (client, input) => client.send(new CreateModelCommand(input as CreateModelCommandInput)),
  },
  EndpointConfig: {
    name: 'EndpointConfigName',
    send: (client, input) =>
      client.send(new CreateEndpointConfigCommand(input as CreateEndpointConfigCommandInput)),
  },
  Endpoint: {
    name: 'EndpointName',
    send: (client, input) => client.send(new CreateEndpointCommand(input as CreateEndpointCommandInput)),
  },
  InferenceComponent: {
    name: 'InferenceComponentName',
    send: (client, input) =>
      client.send(new CreateInferenceComponentCommand(input as CreateInferenceComponentCommandInput)),
  },
};

/** What stands between intrinsic functions; a reference to a name becomes the logical id, which stands for it. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::GetAtt' in value) {
    const [logicalId, attribute] = value['Fn::GetAtt'] as [string, string];
    if (attribute === 'Arn') return `arn:aws:iam::111111111111:role/${logicalId}`;
    return logicalId;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)]));
}

describe('the template of a dedicated endpoint, on the local AWS', () => {
  let local: LocalClients;
  let sagemaker: SageMakerClient;

  beforeAll(async () => {
    local = await openLocalClients();
    sagemaker = new SageMakerClient(local.settings('us-east-1'));
    const template = synthesized({ config: deployedConfig() }).template('Dedicated-111111111111-us-east-1');
    const names = new Map<string, string>();
    for (const [kind, { name, send }] of Object.entries(makers)) {
      for (const [logicalId, { Properties }] of Object.entries(
        template.findResources(`AWS::SageMaker::${kind}`),
      )) {
        const properties = JSON.parse(
          JSON.stringify(resolved(Properties)),
          (_key, value) => names.get(value) ?? value,
        ) as Properties;
        names.set(logicalId, String(properties[name] ?? logicalId));
        await send(sagemaker, { [name]: logicalId, ...properties });
      }
    }
  });
  afterAll(async () => {
    sagemaker.destroy();
    await local.close();
  });

  it('makes an endpoint whose component has the copies to start with', async () => {
    const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'chat-small' }));
    expect(endpoint.EndpointStatus).toBe('InService');
    expect(endpoint.ProductionVariants?.[0]).toMatchObject({
      RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
      ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 6 },
    });
    const component = await sagemaker.send(
      new DescribeInferenceComponentCommand({ InferenceComponentName: 'chat-small-copies' }),
    );
    expect(component).toMatchObject({
      EndpointName: 'chat-small',
      RuntimeConfig: { DesiredCopyCount: 1, CurrentCopyCount: 1 },
      Specification: { ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 1 } },
    });
  });

  it('answers a body of the gateway, by the name and within the context that the container was told', async () => {
    const runtime = new SageMakerRuntimeClient(local.settings('us-east-1'));
    const ask = async (servedModel: string, text: string) => {
      const chat = aChatRequest({ messages: [{ role: 'user', content: [{ text }] }] });
      const body = containerBody(chat, { servedModel, maxTokens: 20, stream: false });
      const answer = await runtime.send(
        new InvokeEndpointCommand({
          EndpointName: 'chat-small',
          InferenceComponentName: 'chat-small-copies',
          ContentType: 'application/json',
          Body: new TextEncoder().encode(body),
        }),
      );
      return JSON.parse(new TextDecoder().decode(answer.Body));
    };
    try {
      expect(await ask('chat-small', 'Say hello.')).toMatchObject({ model: 'chat-small' });
      await expect(ask('another', 'Say hello.')).rejects.toThrow(/another/);
      await expect(ask('chat-small', 'word '.repeat(40_000))).rejects.toThrow(/32768/);
    } finally {
      runtime.destroy();
    }
  });
});
