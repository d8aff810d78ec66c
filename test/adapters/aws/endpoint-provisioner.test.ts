import {
  DescribeEndpointCommand,
  DescribeInferenceComponentCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

const account = '111111111111';
const credentials = { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` };
const base = { account, region: 'us-east-1', copies: 2, concurrencyPerCopy: 4 };
let aws: LocalAws;
let client: SageMakerClient;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  client = new SageMakerClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(() => aws.close());

describe('a provisioned endpoint', () => {
  it('is in service with its copies, and a second provisioning changes nothing', async () => {
    await provisionEndpoint({ ...base, endpoint: 'plain' }, { endpoint: aws.url, credentials });
    await provisionEndpoint({ ...base, endpoint: 'plain' }, { endpoint: aws.url, credentials });
    const { EndpointStatus, ProductionVariants } = await client.send(
      new DescribeEndpointCommand({ EndpointName: 'plain' }),
    );
    expect([EndpointStatus, ProductionVariants?.[0]?.CurrentInstanceCount]).toEqual(['InService', 2]);
  });

  it('carries an inference component where the configuration names one', async () => {
    await provisionEndpoint(
      { ...base, endpoint: 'host', component: 'llama' },
      { endpoint: aws.url, credentials },
    );
    const { RuntimeConfig } = await client.send(
      new DescribeInferenceComponentCommand({ InferenceComponentName: 'llama' }),
    );
    expect(RuntimeConfig?.CurrentCopyCount).toBe(2);
  });

  it('has a container of TGI’s own format where the configuration says so', async () => {
    const plan = { ...base, endpoint: 'tgi', servedModel: 'llama', api: 'tgi' } as const;
    await provisionEndpoint(plan, { endpoint: aws.url, credentials });
    const runtime = new SageMakerRuntimeClient({ endpoint: aws.url, region: 'us-east-1', credentials });
    const Body = JSON.stringify({ inputs: 'Say hello', parameters: { max_new_tokens: 9 } });
    const answer = await runtime.send(new InvokeEndpointCommand({ EndpointName: 'tgi', Body }));
    expect(JSON.parse(new TextDecoder().decode(answer.Body))[0].generated_text).toContain('llama');
  });

  it('fails when the service refuses for any other reason', async () => {
    await expect(
      provisionEndpoint({ ...base, endpoint: '-bad-' }, { endpoint: aws.url, credentials }),
    ).rejects.toThrow();
  });
});
