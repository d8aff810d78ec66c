import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
  ValidationError,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { countTokens } from '#local/world/answers/tokens.ts';
import { clientConfig, control, startLocalAws } from '../local-clients.ts';

let aws: LocalAws;
let runtime: SageMakerRuntimeClient;

const say = (content: string) => ({ messages: [{ role: 'user', content }] });
const encode = (body: unknown) =>
  new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));

async function invoke(body: unknown, more: { EndpointName?: string; InferenceComponentName?: string } = {}) {
  const answer = await runtime.send(
    new InvokeEndpointCommand({
      EndpointName: 'chat',
      ContentType: 'application/json',
      Body: encode(body),
      ...more,
    }),
  );
  return JSON.parse(new TextDecoder().decode(answer.Body));
}

async function stream(body: unknown): Promise<{ parts: readonly Uint8Array[]; lines: readonly string[] }> {
  const answer = await runtime.send(
    new InvokeEndpointWithResponseStreamCommand({ EndpointName: 'chat', Body: encode(body) }),
  );
  expect(answer.ContentType).toBe('text/event-stream');
  const parts: Uint8Array[] = [];
  for await (const event of answer.Body ?? [])
    if (event.PayloadPart?.Bytes) parts.push(event.PayloadPart.Bytes);
  const text = Buffer.concat(parts).toString();
  return { parts, lines: text.split('\n\n').filter(Boolean) };
}

beforeAll(async () => {
  aws = await startLocalAws();
  runtime = new SageMakerRuntimeClient(clientConfig(aws));
  const sagemaker = new SageMakerClient(clientConfig(aws));
  const Environment = { OPTION_SERVED_MODEL_NAME: 'tiny', OPTION_MAX_MODEL_LEN: '200' };
  await sagemaker.send(
    new CreateModelCommand({ ModelName: 'm', PrimaryContainer: { Image: 'image', Environment } }),
  );
  const variant = { VariantName: 'all', InitialInstanceCount: 1, InstanceType: 'ml.g6e.xlarge' as const };
  await sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: 'with',
      ProductionVariants: [{ ...variant, ModelName: 'm' }],
    }),
  );
  await sagemaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: 'without', ProductionVariants: [variant] }),
  );
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'chat', EndpointConfigName: 'with' }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'parted', EndpointConfigName: 'without' }));
  await sagemaker.send(
    new CreateInferenceComponentCommand({
      InferenceComponentName: 'part',
      EndpointName: 'parted',
      Specification: { ModelName: 'm' },
      RuntimeConfig: { CopyCount: 1 },
    }),
  );
  sagemaker.destroy();
});
afterEach(() => control(aws, 'DELETE', 'endpoints'));
afterAll(async () => {
  runtime.destroy();
  await aws.close();
});

describe('sagemaker-runtime, called by the SDK client', () => {
  it('answers as the chat-completions API does', async () => {
    const answer = await invoke({ model: 'tiny', ...say('What is a lease?') });
    const { content } = answer.choices[0].message;
    expect(content).toContain('What is a lease?');
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'tiny',
      choices: [{ index: 0, finish_reason: 'stop' }],
    });
    expect(answer.usage).toEqual({
      prompt_tokens: 5,
      completion_tokens: countTokens(content),
      total_tokens: 5 + countTokens(content),
    });
  });

  it('streams server-sent events in parts that do not keep to lines, with the usage last', async () => {
    const { parts, lines } = await stream({
      ...say('Was heißt „Überlauf“ auf Japanisch? 溢れ'),
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(lines.at(-1)).toBe('data: [DONE]');
    expect(parts.some((part) => !Buffer.from(part).toString().endsWith('\n\n'))).toBe(true);
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.replace('data: ', '')));
    const texts = chunks.flatMap((chunk) => chunk.choices[0]?.delta.content ?? []);
    expect(texts.join('')).toContain('„Überlauf“ auf Japanisch? 溢れ');
    const { usage, choices } = chunks.at(-1);
    expect(choices).toEqual([]);
    expect(usage.completion_tokens).toBe(texts.reduce((total, text) => total + countTokens(text), 0));
    expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
  });

  it('streams no usage unless it is asked for, and a whole answer where no stream was asked for', async () => {
    const { lines } = await stream({ ...say('hi'), stream: true });
    expect(lines.join('')).not.toContain('usage');
    const answer = await runtime.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: 'chat', Body: encode(say('hi')) }),
    );
    const parts: Uint8Array[] = [];
    for await (const event of answer.Body ?? [])
      if (event.PayloadPart?.Bytes) parts.push(event.PayloadPart.Bytes);
    expect(JSON.parse(Buffer.concat(parts).toString()).object).toBe('chat.completion');
  });

  it('calls a required tool, whole and streamed', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const body = {
      ...say('Rome'),
      tools: [{ type: 'function', function: { name: 'weather', parameters } }],
      tool_choice: 'required',
    };
    const { choices } = await invoke(body);
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    expect(JSON.parse(choices[0].message.tool_calls[0].function.arguments)).toEqual({ city: 'Rome' });
    const { lines } = await stream({ ...body, stream: true });
    const calls = lines
      .slice(0, -1)
      .flatMap((line) => JSON.parse(line.replace('data: ', '')).choices[0].delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({
      index: 0,
      type: 'function',
      id: choices[0].message.tool_calls[0].id,
      function: { name: 'weather', arguments: '' },
    });
    expect(calls.map((call) => call.function.arguments).join('')).toBe('{"city":"Rome"}');
  });

  it('honours token limit, stop and response format', async () => {
    expect((await invoke({ ...say('hi'), max_tokens: 4 })).choices[0].finish_reason).toBe('length');
    expect((await invoke({ ...say('hi'), stop: 'answering' })).choices[0].message.content).toBe(
      'This is tiny, ',
    );
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const json = await invoke({
      ...say('hi'),
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    expect(JSON.parse(json.choices[0].message.content)).toEqual({ title: 'hi' });
  });

  it('embeds the texts of a body with input and without messages', async () => {
    const answer = await invoke({ model: 'tiny', input: ['a lease', 'a lock'] });
    expect(answer).toMatchObject({ object: 'list', model: 'tiny', data: [{ index: 0 }, { index: 1 }] });
    expect(answer.data[0].embedding).toHaveLength(1_024);
    expect(answer.data[0].embedding).not.toEqual(answer.data[1].embedding);
    expect(answer.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
    expect((await invoke({ input: 'a lease' })).data[0]).toEqual(answer.data[0]);
  });

  it.each([
    [{ input: [] }, 422, 'input'],
    [{ input: ['x', 3] }, 422, 'input'],
    [{ input: 'x', model: 'other' }, 404, 'other'],
    [{ input: 'x', encoding_format: 'base64' }, 422, 'encoding_format'],
    ['{"messages":', 400, 'not valid JSON'],
    [{}, 422, 'messages'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 422, 'messages[0].role'],
    [{ messages: [{ role: 'user', content: [{ type: 'sound' }] }] }, 422, 'messages[0].content[0]'],
    [{ ...say('x'), max_tokens: 0 }, 400, 'max_tokens'],
    [{ ...say('x'), temperature: 3 }, 400, 'temperature'],
    [{ ...say('x'), n: 2 }, 400, 'only one choice'],
    [{ ...say('x'), stream: 'yes' }, 422, 'stream'],
    [{ ...say('x'), tool_choice: 'perhaps' }, 422, 'tool_choice'],
    [{ ...say('x'), response_format: { type: 'xml' } }, 422, 'response_format'],
    [{ ...say('x'), model: 'other' }, 404, 'other'],
    [{ ...say('x'), max_tokens: 500 }, 400, 'maximum context length is 200'],
  ])('wraps the refusal of %j by the container in a ModelError', async (body, status, message) => {
    const error = await invoke(body).catch((caught: unknown) => caught);
    if (!(error instanceof ModelError)) throw error;
    expect(error.$metadata.httpStatusCode).toBe(424);
    expect(error.OriginalStatusCode).toBe(status);
    expect(error.OriginalMessage).toContain(message);
  });

  it('refuses for want of capacity when scaled to zero or not yet warm, with and without components', async () => {
    for (const state of [{ copies: 0 }, { warm: false }]) {
      await control(aws, 'DELETE', 'endpoints');
      for (const endpoint of ['chat', 'parted'])
        await control(aws, 'PATCH', 'endpoints', { region: 'us-east-1', endpoint, ...state });
      for (const address of [{}, { EndpointName: 'parted', InferenceComponentName: 'part' }]) {
        const call = invoke(say('hi'), address);
        await expect(call).rejects.toThrow(ValidationError);
        await expect(call).rejects.toMatchObject({
          $metadata: { httpStatusCode: 400 },
          message: expect.stringMatching(/^Inference Component has no capacity to process this request/),
        });
      }
    }
  });

  it('finds components by their header and refuses wrong addresses', async () => {
    expect((await invoke(say('hi'), { EndpointName: 'parted', InferenceComponentName: 'part' })).object).toBe(
      'chat.completion',
    );
    await expect(invoke(say('hi'), { EndpointName: 'gone' })).rejects.toThrow(
      'Endpoint gone of account 111111111111 not found.',
    );
    await expect(invoke(say('hi'), { EndpointName: 'parted' })).rejects.toThrow('header is required');
    await expect(
      invoke(say('hi'), { EndpointName: 'parted', InferenceComponentName: 'other' }),
    ).rejects.toThrow('Inference Component other not found.');
    await expect(invoke(say('hi'), { InferenceComponentName: 'part' })).rejects.toThrow(
      'Inference Component part not found.',
    );
  });

  it('journals the endpoint and the region that it stays in', async () => {
    await control(aws, 'DELETE', 'journal');
    await invoke(say('hi'));
    const { json } = await control(aws, 'GET', 'journal?service=sagemaker-runtime');
    expect(json).toMatchObject([
      {
        operation: 'InvokeEndpoint',
        target: 'chat',
        reach: ['us-east-1'],
        servedRegion: 'us-east-1',
        status: 200,
      },
    ]);
  });
});
