import { BedrockClient, ListFoundationModelsCommand } from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { callControl, clientOptions, readJournal } from '#test/builders/local-test-server.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
});
afterAll(() => aws.close());

const modelId = 'amazon.nova-lite-v1:0';
const messages = [{ role: 'user' as const, content: [{ text: 'How are you?' }] }];

describe('the local AWS', () => {
  it('answers every service on its one port', async () => {
    const options = clientOptions(aws);
    const identity = await new STSClient(options).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe('111111111111');
    const models = await new BedrockClient(options).send(new ListFoundationModelsCommand({}));
    expect(models.modelSummaries?.length).toBeGreaterThan(20);
    expect((await new DynamoDBClient(options).send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect((await new CloudWatchClient(options).send(new ListMetricsCommand({}))).Metrics).toEqual([]);
    const unknown = await new SageMakerRuntimeClient(options)
      .send(new InvokeEndpointCommand({ EndpointName: 'none', Body: '{}' }))
      .catch((error) => error);
    expect(unknown.name).toBe('ValidationError');
    const notOffered = await new SageMakerClient(options)
      .send(new ListEndpointsCommand({}))
      .catch((error) => error);
    expect(['UnknownOperationException', undefined]).toContain(notOffered.name);
  });

  it('streams what it counts, over HTTP/2, and journals where it went', async () => {
    const runtime = new BedrockRuntimeClient(clientOptions(aws));
    const counted = await runtime.send(
      new CountTokensCommand({ modelId, input: { converse: { messages } } }),
    );
    const { stream } = await runtime.send(new ConverseStreamCommand({ modelId, messages }));
    const events = [];
    for await (const event of stream ?? []) events.push(event);
    const usage = events.at(-1)?.metadata?.usage;
    expect(usage?.inputTokens).toBe(counted.inputTokens);
    const entry = (await readJournal(aws, '?service=bedrock-runtime')).at(-1);
    const deltas = events.filter(({ contentBlockDelta }) => contentBlockDelta !== undefined).length;
    expect(entry).toMatchObject({
      target: modelId,
      reach: ['us-east-1'],
      servedRegion: 'us-east-1',
      chunks: deltas,
    });
    runtime.destroy();
  });

  it('journals the reach of calls that a fault kills', async () => {
    await callControl(aws, 'PUT', 'faults', [{ service: 'bedrock-runtime', kind: 'refuse' }]);
    const runtime = new BedrockRuntimeClient(clientOptions(aws));
    await expect(runtime.send(new ConverseCommand({ modelId: `us.${modelId}`, messages }))).rejects.toThrow();
    await callControl(aws, 'DELETE', 'faults');
    const entry = (await readJournal(aws, '?service=bedrock-runtime')).at(-1);
    expect(entry).toMatchObject({ status: 0, rule: 0, target: `us.${modelId}` });
    expect(entry?.reach).toContain('us-west-2');
    runtime.destroy();
  });

  it('offers all control resources of the contract', async () => {
    for (const name of ['faults', 'catalogue', 'journal', 'health']) {
      expect([name, (await callControl(aws, 'GET', name)).status]).toEqual([name, 200]);
    }
    for (const name of ['profiles', 'endpoints', 'replication', 'gateways']) {
      expect([name, (await callControl(aws, 'PATCH', name, {})).status]).toEqual([name, 400]);
    }
  });

  it('takes fault rules that name services it does not offer yet', async () => {
    const rules = [{ service: 'sns', operation: 'Publish', kind: 'hang' }];
    expect((await callControl(aws, 'PUT', 'faults', rules)).status).toBe(200);
    expect((await callControl(aws, 'DELETE', 'faults')).status).toBe(200);
  });
});
