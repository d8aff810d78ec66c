import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { clientConfig, control } from '../local-clients.ts';

const place = { region: 'us-east-1', endpoint: 'frail' };
/** An answer of minutes: whoever waits for its end has lost it. */
const asked = {
  EndpointName: 'frail',
  Body: new TextEncoder().encode(
    JSON.stringify({
      stream: true,
      messages: [{ role: 'user', content: 'Tell of the sea in 3000 words' }],
    }),
  ),
};

let aws: LocalAws;
let runtime: SageMakerRuntimeClient;

/** Once something is in flight. */
const crash = () =>
  vi.waitFor(
    async () => expect((await control(aws, 'POST', 'crashes', place)).json).toEqual([{ ...place, lost: 1 }]),
    { timeout: 40_000, interval: 5 },
  );

beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 1 });
  const config = clientConfig(aws);
  await provisionEndpoint(
    { account: '111111111111', ...place, copies: 1, concurrencyPerCopy: 4 },
    { endpoint: aws.url, credentials: config.credentials },
  );
  runtime = new SageMakerRuntimeClient(config);
});

afterAll(async () => {
  runtime.destroy();
  await aws.close();
});

describe('a container that dies', () => {
  it('ends a stream in an error of its own, which the journal tells', async () => {
    const { Body = [] } = await runtime.send(new InvokeEndpointWithResponseStreamCommand(asked));
    const read = async (): Promise<void> => {
      for await (const _part of Body as AsyncIterable<unknown>);
    };
    const reading = expect(read()).rejects.toMatchObject({ name: 'ModelStreamError' });
    await crash();
    await reading;
    const { json } = await control(aws, 'GET', 'journal?service=sagemaker-runtime');
    expect(json).toMatchObject([{ status: 200, error: 'ModelStreamError' }]);
  });

  it('ends a whole answer in an error of the model', async () => {
    const answering = expect(runtime.send(new InvokeEndpointCommand(asked))).rejects.toMatchObject({
      name: 'ModelError',
    });
    await crash();
    await answering;
  });

  it('loses nothing where nothing is in flight, and takes no unknown member', async () => {
    expect((await control(aws, 'POST', 'crashes', [place])).json).toEqual([{ ...place, lost: 0 }]);
    expect(await control(aws, 'POST', 'crashes', { region: 'us-east-1' })).toMatchObject({ status: 400 });
  });
});
