/** AWS's own client as the judge of the Converse format, over HTTP/1.1 and HTTP/2, against the whole product. */
import {
  AccessDeniedException,
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InternalServerException,
  type Message,
  ModelErrorException,
  ModelStreamErrorException,
  ResourceNotFoundException,
  ServiceUnavailableException,
  ThrottlingException,
  type ToolConfiguration,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, lastSeq, modelCallsSince, pdfBase64, pngBase64, runsOf } from './model-calls.ts';

const modelId = 'chat-large';
const question = 'Describe the tide in two sentences, please.';
const messages: Message[] = [{ role: 'user', content: [{ text: question }] }];
const weather: ToolConfiguration = {
  tools: [
    {
      toolSpec: {
        name: 'weather',
        description: 'The weather of a city.',
        inputSchema: {
          json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    },
  ],
};

let spillway: SpillwayProcess;
const clients: BedrockRuntimeClient[] = [];
const environment = process.env.AWS_BEARER_TOKEN_BEDROCK;

beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
  process.env.AWS_BEARER_TOKEN_BEDROCK = 'sk-local';
});
afterAll(async () => {
  if (environment === undefined) delete process.env.AWS_BEARER_TOKEN_BEDROCK;
  else process.env.AWS_BEARER_TOKEN_BEDROCK = environment;
  for (const client of clients) client.destroy();
  await spillway?.close();
});
afterEach(() => spillway.control('DELETE', 'faults'));

/** As a user would make it: the endpoint, a region because the client wants one, and the key from the environment. */
function clientOf(
  region: string,
  residency?: string,
  more: Partial<BedrockRuntimeClientConfig> = {},
): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    endpoint: spillway.gatewayUrl(region),
    region: 'us-east-1',
    maxAttempts: 1,
    ...more,
  });
  clients.push(client);
  if (residency === undefined) return client;
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-spillway-residency'] = residency;
      return next(args);
    },
    { step: 'build', name: 'residency' },
  );
  return client;
}

async function streamed(
  client: BedrockRuntimeClient,
  input: Partial<ConverseCommandInput> = {},
  signal?: AbortSignal,
): Promise<ConverseStreamOutput[]> {
  const command = new ConverseStreamCommand({ modelId, messages, ...input });
  const { stream } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

const plain = (client: BedrockRuntimeClient, input: Partial<ConverseCommandInput> = {}) =>
  client.send(new ConverseCommand({ modelId, messages, ...input }));

const textOf = (content: readonly ContentBlock[] | undefined): string =>
  (content ?? []).map((block) => block.text ?? '').join('');

describe.each([
  ['HTTP/2, its default', () => ({})],
  // Other clients of AWS speak it by default.
  ['HTTP/1.1', () => ({ requestHandler: new DynamoDBClient({ region: 'us-east-1' }).config.requestHandler })],
])('the client over %s', (_, handler) => {
  it('needs the endpoint and the key in the environment, and gets a whole answer', async () => {
    const answer = await plain(clientOf('us-east-1', undefined, handler()));
    expect(textOf(answer.output?.message?.content)).toContain('tide');
    expect(answer.output?.message?.role).toBe('assistant');
    expect(answer.stopReason).toBe('end_turn');
    expect(answer.usage?.totalTokens).toBe(
      (answer.usage?.inputTokens ?? 0) + (answer.usage?.outputTokens ?? 0),
    );
    expect(answer.metrics?.latencyMs).toBeGreaterThan(0);
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gets the same text in a stream, in the order of events that AWS has', async () => {
    const client = clientOf('us-east-1', 'us', handler());
    const whole = await plain(client);
    const events = await streamed(client);
    expect(runsOf(events.map((event) => Object.keys(event)[0] ?? ''))).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    const deltas = events.flatMap((event) => event.contentBlockDelta?.delta?.text ?? []);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(textOf(whole.output?.message?.content));
    expect(events.at(-1)?.metadata?.usage).toEqual(whole.usage);
    expect(events.at(-2)?.messageStop?.stopReason).toBe('end_turn');
  });

  it('takes the call to the model along when it leaves', async () => {
    const { calls } = await leaveDuringCall(spillway, (signal) =>
      streamed(clientOf('us-east-1', 'us', handler()), {}, signal),
    );
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it.each(['cut-stream', 'malformed-frame', 'reset'])(
    'throws a typed error where a stream breaks by %s, and nobody answers twice',
    async (kind) => {
      await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', kind, afterChunks: 3 }]);
      const from = await lastSeq(spillway);
      const broken = await failure(streamed(clientOf('us-east-1', 'us', handler())));
      expect(broken).toBeInstanceOf(ModelStreamErrorException);
      expect((broken as Error).message).toMatch(/^stream_interrupted: .*output tokens/);
      expect(await modelCallsSince(spillway, from)).toHaveLength(1);
    },
  );
});

describe('tools', () => {
  it.each([false, true])('are called, answered and told of (stream: %s)', async (stream) => {
    const client = clientOf('us-east-1', 'us');
    const conversation: Message[] = [{ role: 'user', content: [{ text: 'The weather in Oslo?' }] }];
    const input = { messages: conversation, toolConfig: weather };
    const content = stream ? blocksOf(await streamed(client, input)) : await contentOf(client, input);
    const call = content.find((block) => block.toolUse !== undefined)?.toolUse;
    expect(typeof (call?.input as { city?: unknown })?.city).toBe('string');
    conversation.push({ role: 'assistant', content });
    const result = {
      toolUseId: call?.toolUseId ?? '',
      content: [{ json: { sky: 'rain' } }],
      status: 'success',
    };
    conversation.push({ role: 'user', content: [{ toolResult: result as never }] });
    expect(textOf(await contentOf(client, input))).toContain('rain');
  });

  it('are forced, one by name', async () => {
    const toolConfig = { ...weather, toolChoice: { tool: { name: 'weather' } } };
    const answer = await plain(clientOf('us-east-1', 'us'), { toolConfig });
    expect(answer.stopReason).toBe('tool_use');
    expect(answer.output?.message?.content).toMatchObject([{ toolUse: { name: 'weather' } }]);
  });
});

async function contentOf(client: BedrockRuntimeClient, input: Partial<ConverseCommandInput>) {
  return (await plain(client, input)).output?.message?.content ?? [];
}

/** The message that a stream told, as a caller puts it together. */
function blocksOf(events: readonly ConverseStreamOutput[]): ContentBlock[] {
  const blocks: {
    said: string;
    thought?: string;
    signature?: string;
    call?: { id: string; name: string };
  }[] = [];
  for (const { contentBlockStart: start, contentBlockDelta: piece } of events) {
    const index = start?.contentBlockIndex ?? piece?.contentBlockIndex;
    if (index === undefined) continue;
    blocks[index] ??= { said: '' };
    const block = blocks[index];
    const toolUse = start?.start?.toolUse;
    if (toolUse !== undefined) block.call = { id: toolUse.toolUseId ?? '', name: toolUse.name ?? '' };
    block.said += piece?.delta?.text ?? piece?.delta?.toolUse?.input ?? '';
    const { text, signature } = piece?.delta?.reasoningContent ?? {};
    if (text !== undefined) block.thought = (block.thought ?? '') + text;
    if (signature !== undefined) block.signature = (block.signature ?? '') + signature;
  }
  return blocks.map(({ said, thought, signature, call }): ContentBlock => {
    if (thought !== undefined) {
      return { reasoningContent: { reasoningText: { text: thought, ...(signature ? { signature } : {}) } } };
    }
    if (call === undefined) return { text: said };
    return { toolUse: { toolUseId: call.id, name: call.name, input: JSON.parse(said) } };
  });
}

describe('a request', () => {
  it('carries images and documents as bytes', async () => {
    const content: ContentBlock[] = [
      { text: 'What is this?' },
      { image: { format: 'png', source: { bytes: Buffer.from(pngBase64, 'base64') } } },
      { document: { format: 'pdf', name: 'tides', source: { bytes: Buffer.from(pdfBase64, 'base64') } } },
    ];
    const answer = await plain(clientOf('us-east-1', 'us'), { messages: [{ role: 'user', content }] });
    expect(textOf(answer.output?.message?.content)).toMatch(
      /one image of \d+ bytes.*one document of \d+ bytes/,
    );
  });

  it.each([false, true])('gets thoughts and gives them back as they were (stream: %s)', async (stream) => {
    const client = clientOf('us-east-1', 'us');
    const input = {
      inferenceConfig: { maxTokens: 4096 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
    };
    const content = stream ? blocksOf(await streamed(client, input)) : await contentOf(client, input);
    const [thought] = content;
    expect(thought?.reasoningContent?.reasoningText?.text?.length).toBeGreaterThan(0);
    const turns: Message[] = [...messages, { role: 'assistant', content }, ...messages];
    expect(textOf(await contentOf(client, { ...input, messages: turns }))).toContain('tide');
  });

  it('takes cache points and a tier, and says which tier served', async () => {
    const answer = await plain(clientOf('us-east-1', 'us'), {
      system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
      serviceTier: { type: 'flex' },
    });
    expect(textOf(answer.output?.message?.content)).toContain('tide');
    expect(answer.serviceTier).toEqual({ type: 'flex' });
  });

  it('gets JSON that satisfies its schema', async () => {
    const schema = { type: 'object', properties: { year: { type: 'integer' } }, required: ['year'] };
    const jsonSchema = { schema: JSON.stringify(schema), name: 'film' };
    const answer = await plain(clientOf('us-east-1', 'us'), {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } },
    });
    expect(answer.stopReason).toBe('end_turn');
    const film = JSON.parse(textOf(answer.output?.message?.content)) as { year: unknown };
    expect(Number.isInteger(film.year)).toBe(true);
  });

  it('with labels alone is answered by warm dedicated capacity', async () => {
    const from = await lastSeq(spillway);
    const input = { modelId: 'chat-small', requestMetadata: { team: 'north' } };
    const answer = await plain(clientOf('us-east-1', 'us'), input);
    expect(answer.stopReason).toBe('end_turn');
    const calls = await modelCallsSince(spillway, from);
    expect(calls.map(({ service }) => service)).toEqual(['sagemaker-runtime']);
  });
});

describe('a guardrail', () => {
  const guardrailConfig = { guardrailIdentifier: 'g1', guardrailVersion: '1' };

  it.each(['us', 'eu', 'japan'])('is never sent where the residency is bounded to %s', async (residency) => {
    const home = { us: 'us-east-1', eu: 'eu-central-1', japan: 'ap-northeast-1' }[residency] ?? '';
    const from = await lastSeq(spillway);
    for (const modelOfCall of ['chat-large', 'chat-small']) {
      const input = { modelId: modelOfCall, guardrailConfig };
      const client = clientOf(home, residency);
      for (const refused of [await failure(plain(client, input)), await failure(streamed(client, input))]) {
        expect(refused).toBeInstanceOf(AccessDeniedException);
        expect(refused).toMatchObject({
          code: 'no_lawful_target',
          message: expect.stringMatching(/guardrail/),
        });
      }
    }
    expect(await modelCallsSince(spillway, from)).toEqual([]);
  });

  it('reaches the model where any place will do', async () => {
    const from = await lastSeq(spillway);
    const answered = await failure(plain(clientOf('us-east-1', 'anywhere'), { guardrailConfig }));
    // The local AWS has no guardrails and says so.
    expect(answered).toBeInstanceOf(ValidationException);
    expect(await modelCallsSince(spillway, from)).toHaveLength(1);
  });
});

describe.each([false, true])('errors are typed (stream: %s)', (stream) => {
  const ask = (client: BedrockRuntimeClient, input: Partial<ConverseCommandInput> = {}) =>
    failure(stream ? streamed(client, input) : plain(client, input));

  it('401: a key that nobody has', async () => {
    const token = { token: { token: 'sk-wrong' }, authSchemePreference: ['httpBearerAuth'] };
    const error = await ask(clientOf('us-east-1', 'us', token));
    expect(error).toBeInstanceOf(AccessDeniedException);
    expect(error).toMatchObject({ code: 'invalid_api_key', $metadata: { httpStatusCode: 401 } });
  });

  it.each([
    'none',
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'arn:aws:bedrock:us-east-1::foundation-model/x',
  ])('404: %s is no logical model', async (id) => {
    const error = await ask(clientOf('us-east-1', 'us'), { modelId: id });
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'modelId' });
    expect((error as Error).message).toContain('chat-large, chat-small, embed');
  });

  it('400: what cannot be honoured is named', async () => {
    const s3Location = { uri: 's3://bucket/key' };
    const error = await ask(clientOf('us-east-1', 'us'), {
      messages: [{ role: 'user', content: [{ image: { format: 'png', source: { s3Location } } }] }],
      promptVariables: { a: { text: 'b' } },
    });
    expect(error).toBeInstanceOf(ValidationException);
    expect(error).toMatchObject({ code: 'invalid_request', $metadata: { httpStatusCode: 400 } });
    expect((error as Error).message).toContain('messages[0].content[0].image.source.s3Location: ');
    expect((error as Error).message).toContain('promptVariables: ');
  });

  it('403, 421: residency', async () => {
    const forbidden = await ask(clientOf('eu-central-1', 'frankfurt'));
    expect(forbidden).toBeInstanceOf(AccessDeniedException);
    expect(forbidden).toMatchObject({ code: 'no_lawful_target' });
    const elsewhere = await ask(clientOf('us-east-1', 'eu'));
    expect(elsewhere).toBeInstanceOf(ValidationException);
    expect(elsewhere).toMatchObject({
      code: 'wrong_gateway_region',
      $metadata: { httpStatusCode: 421 },
      gateways: expect.arrayContaining([expect.objectContaining({ region: 'eu-central-1' })]),
    });
  });

  it('429, 502: what targets refuse', async () => {
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'throttle', retryAfterSeconds: 1 },
    ]);
    const throttled = await ask(clientOf('ap-northeast-1', 'japan'));
    expect(throttled).toBeInstanceOf(ThrottlingException);
    expect(throttled).toMatchObject({ code: 'capacity_exhausted', $metadata: { httpStatusCode: 429 } });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'error', error: 'InternalServerException' },
    ]);
    const failed = await ask(clientOf('eu-west-1', 'eu'));
    expect(failed).toBeInstanceOf(ModelErrorException);
    expect(failed).toMatchObject({ code: 'upstream_failed', $metadata: { httpStatusCode: 502 } });
  });
});

it.each([
  ['ThrottlingException', ThrottlingException],
  ['ServiceUnavailableException', ServiceUnavailableException],
  ['InternalServerException', InternalServerException],
])('a stream that a target ends by %s throws that', async (error, type) => {
  await spillway.control('PUT', 'faults', [
    { service: 'bedrock-runtime', kind: 'stream-exception', error, afterChunks: 3 },
  ]);
  const broken = await failure(streamed(clientOf('us-east-1', 'us')));
  expect(broken).toBeInstanceOf(type);
});

it('a path that is no operation is told in the format of AWS', async () => {
  const answer = await fetch(`${spillway.gatewayUrl('us-east-1')}/model/chat-large/conjure`, {
    method: 'POST',
  });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  expect(await answer.json()).toMatchObject({ code: 'not_found' });
  const wrong = await fetch(`${spillway.gatewayUrl('us-east-1')}/model/chat-large/converse`);
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
});
