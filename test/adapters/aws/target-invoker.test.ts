import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  CountTokensCommand,
} from '@aws-sdk/client-bedrock-runtime';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import type { UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import {
  bedrockTarget,
  chatRequest,
  collect,
  dedicatedTarget,
  modelCall,
  signalOf,
  textOf,
} from '#test/builders/model-call.ts';
import { loopbackClient } from '#test/builders/upstream-client.ts';

/** The path of data in full: our client against the stand-in, which checks signatures, paths and bodies as AWS does. */
let aws: LocalAws;
let client: UpstreamClient;
let sdk: BedrockRuntimeClient;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  client = loopbackClient(aws.url);
  const credentials = { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' };
  sdk = new BedrockRuntimeClient({ region: 'us-east-1', endpoint: aws.url, credentials });
});

afterAll(async () => {
  sdk?.destroy();
  await client?.close();
  await aws?.close();
});

async function control(path: string, method: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${aws.url}/_local/${path}`, { method, body: JSON.stringify(body) ?? null });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

/** `alone` serves its model itself, `pool` carries the component `pool-a`. */
async function createEndpoints(): Promise<void> {
  const credentials = { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' };
  const sagemaker = new SageMakerClient({ region: 'us-east-1', endpoint: aws.url, credentials });
  const role = 'arn:aws:iam::111111111111:role/endpoint-execution';
  const PrimaryContainer = { Image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/vllm:1' };
  await sagemaker.send(
    new CreateModelCommand({ ModelName: 'served', ExecutionRoleArn: role, PrimaryContainer }),
  );
  const instances = {
    VariantName: 'main',
    InstanceType: 'ml.g6e.12xlarge',
    InitialInstanceCount: 1,
  } as const;
  for (const [name, variant] of [
    ['alone', { ...instances, ModelName: 'served' }],
    ['pool', instances],
  ] as const) {
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ExecutionRoleArn: role,
        ProductionVariants: [variant],
      }),
    );
    await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  }
  await sagemaker.send(
    new CreateInferenceComponentCommand({
      InferenceComponentName: 'pool-a',
      EndpointName: 'pool',
      VariantName: 'main',
      Specification: { ModelName: 'served', ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024 } },
      RuntimeConfig: { CopyCount: 1 },
    }),
  );
  sagemaker.destroy();
}

const profileTarget = bedrockTarget({
  region: 'eu-central-1',
  account: '222222222222',
  modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  profileId: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
  scope: 'geo',
});

describe('the target invoker on the stand-in', () => {
  it("hears from a Bedrock target what AWS's own client hears", async () => {
    const modelId = 'amazon.nova-lite-v1:0';
    const messages = [{ role: 'user' as const, content: [{ text: 'Tell me about rivers.' }] }];
    const answer = await sdk.send(
      new ConverseStreamCommand({ modelId, messages, inferenceConfig: { maxTokens: 64 } }),
    );
    let theirs = '';
    for await (const event of answer.stream ?? []) theirs += event.contentBlockDelta?.delta?.text ?? '';
    const counted = await sdk.send(new CountTokensCommand({ modelId, input: { converse: { messages } } }));

    const invoker = createTargetInvoker(client);
    const events = await collect(await invoker.converse(modelCall({ request: chatRequest({ messages }) })));
    expect(textOf(events)).toBe(theirs);
    expect(theirs.length).toBeGreaterThan(0);
    const usage = events.find((event) => event.type === 'usage');
    expect(usage?.type === 'usage' && usage.usage.inputTokens).toBe(counted.inputTokens);
  });

  it('calls a profile in another account and region under that region’s signature', async () => {
    await control('journal', 'DELETE');
    const events = await collect(
      await createTargetInvoker(client).converse(modelCall({ target: profileTarget })),
    );
    expect(textOf(events).length).toBeGreaterThan(0);
    const entries = (await control('journal?service=bedrock-runtime', 'GET')) as readonly object[];
    expect(entries.at(-1)).toMatchObject({
      operation: 'ConverseStream',
      account: '222222222222',
      region: 'eu-central-1',
      target: profileTarget.profileId,
      status: 200,
    });
  });

  it('gets JSON from a model without a JSON mode, as plain text', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const request = chatRequest({ responseFormat: { kind: 'json-schema', name: 'place', schema } });
    const events = await collect(await createTargetInvoker(client).converse(modelCall({ request })));
    expect(JSON.parse(textOf(events))).toHaveProperty('city');
    expect(events.find((event) => event.type === 'message-stop')).toEqual({
      type: 'message-stop',
      stopReason: 'end_turn',
    });
  });

  it('hears from a dedicated target and its component what their container says', async () => {
    await createEndpoints();
    for (const place of [{ endpoint: 'alone' }, { endpoint: 'pool', component: 'pool-a' }]) {
      await eventually(
        async () => {
          const call = modelCall({ target: dedicatedTarget(place) });
          const events = await createTargetInvoker(client)
            .converse(call)
            .then(collect, () => []);
          return textOf(events).length > 0 && events.at(-1)?.type === 'usage';
        },
        `an answer from ${JSON.stringify(place)}`,
      );
    }
  });

  it('tells a missing endpoint of a dedicated target as SageMaker does', async () => {
    const call = modelCall({ target: dedicatedTarget({ endpoint: 'nowhere' }) });
    const signal = await signalOf(createTargetInvoker(client).converse(call));
    expect(signal).toMatchObject({ service: 'sagemaker-runtime', kind: 'answer', httpStatus: 400 });
  });

  it.each([
    [{ kind: 'refuse' }, { kind: 'reset', phase: 'before' }],
    [
      { kind: 'throttle', retryAfterSeconds: 2 },
      { errorName: 'ThrottlingException', retryAfterMs: 2000 },
    ],
    [{ kind: 'error', error: 'ServiceUnavailableException' }, { errorName: 'ServiceUnavailableException' }],
    [{ kind: 'cut-stream' }, { phase: 'in-stream' }],
    [{ kind: 'malformed-frame' }, { kind: 'malformed', phase: 'in-stream' }],
    [
      { kind: 'stream-exception', error: 'ThrottlingException' },
      { errorName: 'ThrottlingException', phase: 'in-stream' },
    ],
    [
      { kind: 'reset', afterChunks: 2 },
      { kind: 'reset', phase: 'in-stream' },
    ],
  ])('names the fault %j', async (fault, signal) => {
    await control('faults', 'PUT', [{ service: 'bedrock-runtime', ...fault }]);
    try {
      expect(await signalOf(createTargetInvoker(client).converse(modelCall()).then(collect))).toMatchObject(
        signal,
      );
    } finally {
      await control('faults', 'DELETE');
    }
  });
});
