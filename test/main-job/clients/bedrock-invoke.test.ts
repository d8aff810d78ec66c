/** InvokeModel, its stream and CountTokens through AWS's own client and others: only endpoint and key are ours. */
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ResponseStream,
} from '@aws-sdk/client-bedrock-runtime';
import { BedrockEmbeddings } from '@langchain/aws';
import { APICallError, cosineSimilarity, embedMany } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import acme from '#examples/acme.config.ts';
import { eventually, type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { cutStreams } from './cut-streams.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { lastSeq, modelCallsSince, pdfBase64, pngBase64 } from './model-calls.ts';

const modelId = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const prompt = 'Describe the tide in two sentences, please.';
const sea = 'The tide comes in twice a day at the harbour.';
const seaAgain = 'Twice a day the tide comes in at our harbour.';
const money = 'Invoices are paid within thirty working days.';
const models = {
  ...acme.models,
  'embed-cohere': { kind: 'embedding' as const, candidates: ['cohere.embed-v4:0'] },
};

let spillway: SpillwayProcess;
let client: BedrockRuntimeClient;
let direct: BedrockRuntimeClient;

const clientAt = (endpoint: string, key = 'sk-local') =>
  new BedrockRuntimeClient({
    endpoint,
    region: 'us-east-1',
    token: async () => ({ token: key }),
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
  });

beforeAll(async () => {
  spillway = await startSpillway({ config: { ...acme, models }, parameters: ['--discover-every', '3600'] });
  client = clientAt(spillway.gatewayUrl('us-east-1'));
  direct = new BedrockRuntimeClient({
    endpoint: spillway.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' },
  });
});
afterAll(async () => {
  client?.destroy();
  direct?.destroy();
  await spillway?.close();
});
afterEach(() => spillway.control('DELETE', 'faults'));

const native = (changes: object = {}) => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 200,
  messages: [{ role: 'user', content: prompt }],
  ...changes,
});

async function invoke(model: string, body: object, options: { abortSignal?: AbortSignal } = {}) {
  const command = new InvokeModelCommand({ modelId: model, body: JSON.stringify(body) });
  const answer = await client.send(command, options);
  return JSON.parse(new TextDecoder().decode(answer.body));
}

async function streamed(model: string, body: object, options: { abortSignal?: AbortSignal } = {}) {
  const command = new InvokeModelWithResponseStreamCommand({ modelId: model, body: JSON.stringify(body) });
  const { body: stream } = await client.send(command, options);
  return stream ?? [];
}

async function chunksOf(stream: AsyncIterable<ResponseStream> | never[]) {
  const chunks: Record<string, never>[] = [];
  for await (const { chunk } of stream) chunks.push(JSON.parse(new TextDecoder().decode(chunk?.bytes)));
  // biome-ignore lint/suspicious/noExplicitAny: a provider's own JSON
  return chunks as any[];
}

async function countDirectly(text: string): Promise<number | undefined> {
  const messages = [{ role: 'user' as const, content: [{ text }] }];
  const { inputTokens } = await direct.send(
    new CountTokensCommand({ modelId, input: { converse: { messages } } }),
  );
  return inputTokens;
}

const tool = {
  name: 'weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('InvokeModel in Anthropic’s format', () => {
  it('answers a message, its counts in headers too', async () => {
    const command = new InvokeModelCommand({ modelId: 'chat-large', body: JSON.stringify(native()) });
    const headers: Record<string, string> = {};
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        Object.assign(headers, (result.response as { headers: Record<string, string> }).headers);
        return result;
      },
      { step: 'deserialize' },
    );
    const answer = JSON.parse(new TextDecoder().decode((await client.send(command)).body));
    expect(answer).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(answer.content[0].text.length).toBeGreaterThan(20);
    expect(answer.usage.input_tokens).toBe(await countDirectly(prompt));
    expect(headers['x-amzn-bedrock-input-token-count']).toBe(String(answer.usage.input_tokens));
    expect(headers['x-amzn-bedrock-output-token-count']).toBe(String(answer.usage.output_tokens));
  });

  it('streams the events of Anthropic as chunks, with the same text and Bedrock’s metrics at the end', async () => {
    const whole = await invoke('chat-large', native());
    const chunks = await chunksOf(await streamed('chat-large', native()));
    const text = chunks.map(({ delta }) => delta?.text ?? '').join('');
    expect(chunks.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(text).toBe(whole.content[0].text);
    expect(chunks.at(-1)['amazon-bedrock-invocationMetrics']).toMatchObject({
      inputTokenCount: whole.usage.input_tokens,
      outputTokenCount: whole.usage.output_tokens,
    });
  });

  it('goes round a tool: call, result, answer', async () => {
    const asked = native({ tools: [tool], tool_choice: { type: 'tool', name: 'weather' } });
    const call = await invoke('chat-large', asked);
    const [use] = call.content.filter(({ type }: { type: string }) => type === 'tool_use');
    expect([call.stop_reason, typeof use.input.city]).toEqual(['tool_use', 'string']);
    const answer = await invoke('chat-large', {
      ...native({ tools: [tool] }),
      messages: [
        { role: 'user', content: prompt },
        { role: 'assistant', content: call.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'rain, 9 degrees' }] },
      ],
    });
    expect(JSON.stringify(answer.content)).toContain('rain, 9 degrees');
  });

  it('carries images and documents', async () => {
    const source = (media_type: string, data: string) => ({ type: 'base64', media_type, data });
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', source: source('image/png', pngBase64) },
      { type: 'document', source: source('application/pdf', pdfBase64) },
    ];
    const answer = await invoke('chat-large', native({ messages: [{ role: 'user', content }] }));
    expect(answer.content[0].text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('answers JSON that satisfies a schema', async () => {
    const schema = {
      type: 'object',
      properties: { year: { type: 'integer' } },
      required: ['year'],
      additionalProperties: false,
    };
    const answer = await invoke(
      'chat-large',
      native({ output_config: { format: { type: 'json_schema', schema } } }),
    );
    expect(Number.isInteger(JSON.parse(answer.content[0].text).year)).toBe(true);
  });

  it('thinks, signed, and takes its thoughts back', async () => {
    const thinking = { max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 1024 } };
    const first = await invoke('chat-large', native(thinking));
    expect(first.content[0]).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/./) });
    const user = { role: 'user', content: prompt };
    const messages = [user, { role: 'assistant', content: first.content }, user];
    const again = await invoke('chat-large', native({ ...thinking, messages }));
    expect(again.content.at(-1).text).toContain('tide');
  });

  it('throws AWS’s exceptions', async () => {
    const refused = (model: string, body: object) => expect(invoke(model, body)).rejects;
    await refused('nobody', native()).toMatchObject({ name: 'ResourceNotFoundException' });
    await refused('chat-large', native({ seed: 1, model: 'x' })).toThrow(/seed: .*model: .*the path/s);
    await refused('embed', native()).toThrow(/"embed" makes embeddings and does not chat/);
    await refused('chat-large', { prompt: 'x' }).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('/model/{modelId}/converse'),
    });
    await refused('chat-large', native({ anthropic_beta: ['mcp-client-2025-04-04'] })).toThrow(
      /anthropic_beta/,
    );
    const stranger = clientAt(spillway.gatewayUrl('us-east-1'), 'sk-wrong');
    const command = new InvokeModelCommand({ modelId: 'chat-large', body: JSON.stringify(native()) });
    await expect(stranger.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    stranger.destroy();
  });

  it('goes on to the next target before the first content and ends in an exception after it', async () => {
    const fault = { service: 'bedrock-runtime', region: 'us-east-1', kind: 'throttle' };
    await spillway.control('PUT', 'faults', [fault]);
    const chunks = await chunksOf(await streamed('chat-large', native()));
    expect(chunks.at(-1).type).toBe('message_stop');
    const cut = {
      service: 'bedrock-runtime',
      operation: 'ConverseStream',
      kind: 'cut-stream',
      afterChunks: 5,
    };
    await spillway.control('PUT', 'faults', [cut]);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of await streamed('chat-large', native())) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({
      name: 'ModelStreamErrorException',
      message: expect.stringContaining('stream_interrupted'),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(JSON.stringify(seen)).not.toContain('message_stop');
  });

  it('is left within a second when its caller leaves', async () => {
    const slow = {
      service: 'bedrock-runtime',
      operation: 'ConverseStream',
      kind: 'stall-stream',
      afterChunks: 3,
    };
    await spillway.control('PUT', 'faults', [slow]);
    const leaving = new AbortController();
    const stream = await streamed('chat-large', native(), { abortSignal: leaving.signal });
    const reading = (async () => {
      for await (const _ of stream) leaving.abort();
    })();
    await reading.catch(() => undefined);
    await eventually(
      async () => ((await spillway.journal('?service=bedrock-runtime')).at(-1)?.aborted ? true : undefined),
      'the end of the call',
      2000,
    );
  });
});

describe('InvokeModel in Nova’s format', () => {
  const nova = (changes: object = {}) => ({
    schemaVersion: 'messages-v1',
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    inferenceConfig: { maxTokens: 100 },
    ...changes,
  });

  it('answers and streams in it', async () => {
    const whole = await invoke('chat-large', nova());
    expect(whole).toMatchObject({
      stopReason: 'end_turn',
      usage: { inputTokens: await countDirectly(prompt) },
    });
    const chunks = await chunksOf(await streamed('chat-large', nova()));
    const text = chunks.map(({ contentBlockDelta }) => contentBlockDelta?.delta.text ?? '').join('');
    expect(text).toBe(whole.output.message.content[0].text);
    expect(chunks.at(-1).metadata.usage.outputTokens).toBe(whole.usage.outputTokens);
  });

  it('goes round a tool and carries images and documents', async () => {
    const inputSchema = { json: tool.input_schema };
    const toolConfig = { tools: [{ toolSpec: { name: 'weather', inputSchema } }], toolChoice: { any: {} } };
    const called = await invoke('chat-large', nova({ toolConfig }));
    const { content } = called.output.message;
    expect([called.stopReason, content.at(-1).toolUse.name]).toEqual(['tool_use', 'weather']);
    const toolResult = {
      toolUseId: content.at(-1).toolUse.toolUseId,
      content: [{ text: 'rain, 9 degrees' }],
    };
    const user = { role: 'user', content: [{ text: prompt }] };
    const messages = [user, { role: 'assistant', content }, { role: 'user', content: [{ toolResult }] }];
    const { tools } = toolConfig;
    const answer = await invoke('chat-large', nova({ messages, toolConfig: { tools } }));
    expect(JSON.stringify(answer.output)).toContain('rain, 9 degrees');
    const shown = [
      { text: 'What is this?' },
      { image: { format: 'png', source: { bytes: pngBase64 } } },
      { document: { format: 'pdf', name: 'tides', source: { bytes: pdfBase64 } } },
    ];
    const seen = await invoke('chat-large', nova({ messages: [{ role: 'user', content: shown }] }));
    expect(JSON.stringify(seen.output)).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('says what is wrong in it', async () => {
    await expect(invoke('chat-large', nova({ schemaVersion: '2', max: 1 }))).rejects.toThrow(
      /schemaVersion: must be messages-v1.*max: /s,
    );
    const reasoningConfig = { type: 'enabled', maxReasoningEffort: 'low' };
    await expect(invoke('chat-large', nova({ inferenceConfig: { reasoningConfig } }))).rejects.toThrow(
      /inferenceConfig\.reasoningConfig: /,
    );
  });

  it('ends a stream that breaks in it in an exception, and nobody answers twice', async () => {
    await cutStreams(spillway);
    const from = await lastSeq(spillway);
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const event of await streamed('chat-large', nova())) seen.push(event);
    };
    expect(await failure(reading())).toMatchObject({
      name: 'ModelStreamErrorException',
      message: expect.stringContaining('stream_interrupted'),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(await modelCallsSince(spillway, from)).toHaveLength(1);
  });

  it.each([false, true])('takes the call to the model along (stream: %s)', async (stream) => {
    const { error, calls } = await leaveDuringCall(spillway, async (abortSignal) =>
      stream
        ? chunksOf(await streamed('chat-large', nova(), { abortSignal }))
        : invoke('chat-large', nova(), { abortSignal }),
    );
    // AWS's client ends an aborted stream without a word.
    expect((error as Error | undefined)?.name).toBe(stream ? undefined : 'AbortError');
    expect(calls).toMatchObject([{ aborted: true }]);
  });
});

describe('embeddings', () => {
  it('in Titan’s format, by the body’s and the header’s count', async () => {
    const answer = await invoke('embed', { inputText: sea, dimensions: 256, normalize: true });
    expect(answer.embedding).toHaveLength(256);
    expect(answer.inputTextTokenCount).toBe(await countDirectly(sea));
    await expect(invoke('embed', { inputText: sea, dimensions: 300 })).rejects.toThrow(/capability-missing/);
    await expect(streamed('embed', { inputText: sea })).rejects.toThrow(/not streamed/);
    await expect(invoke('chat-large', { inputText: sea })).rejects.toThrow(/chats and makes no embeddings/);
  });

  it('in Cohere’s format, with what the vectors are for', async () => {
    const body = { texts: [sea, money], input_type: 'search_query', truncate: 'END' };
    const answer = await invoke('embed-cohere', { ...body, embedding_types: ['float'] });
    expect(answer.embeddings.float).toHaveLength(2);
    expect((await invoke('embed-cohere', body)).embeddings).toHaveLength(2);
    // Titan cannot be told to cut a text.
    await expect(invoke('embed', body)).rejects.toThrow(/capability-missing/);
  });

  it('throw AWS’s exceptions', async () => {
    const body = { inputText: sea };
    expect(await failure(invoke('none', body))).toMatchObject({
      name: 'ResourceNotFoundException',
      code: 'model_not_found',
    });
    expect(await failure(invoke('embed', { inputText: sea, inputImage: 'x' }))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/inputImage: .*only texts/),
    });
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'error', error: 'InternalServerException' },
    ]);
    const asia = clientAt(spillway.gatewayUrl('ap-northeast-1'));
    const command = new InvokeModelCommand({ modelId: 'embed', body: JSON.stringify(body) });
    expect(await failure(asia.send(command))).toMatchObject({
      name: 'ModelErrorException',
      code: 'upstream_failed',
    });
    asia.destroy();
  });

  it('take the call to the model along when AWS’s client leaves', async () => {
    const { error, calls } = await leaveDuringCall(
      spillway,
      (abortSignal) => invoke('embed', { inputText: sea }, { abortSignal }),
      'InvokeModel',
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  const embedBy = (
    values: string[],
    {
      model = 'embed',
      key = 'sk-local',
      signal,
    }: { model?: string; key?: string; signal?: AbortSignal } = {},
  ) => {
    const bedrock = createAmazonBedrock({
      baseURL: spillway.gatewayUrl('us-east-1'),
      apiKey: key,
      region: 'us-east-1',
    });
    return embedMany({
      model: bedrock.embeddingModel(model),
      values,
      maxRetries: 0,
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
  };

  it('of the AI SDK’s Bedrock provider', async () => {
    const { embeddings, usage } = await embedBy([sea, seaAgain, money]);
    const [first = [], second = [], third = []] = embeddings;
    expect(cosineSimilarity(first, second)).toBeGreaterThan(cosineSimilarity(first, third) + 0.3);
    expect(usage.tokens).toBeGreaterThan(20);
  });

  it('have errors of the AI SDK’s own kind, with our codes in their bodies', async () => {
    const refusals = [
      [{ model: 'none' }, 404, 'model_not_found'],
      [{ key: 'sk-wrong' }, 401, 'invalid_api_key'],
      [{ model: 'chat-large' }, 400, 'invalid_request'],
    ] as const;
    for (const [changes, statusCode, code] of refusals) {
      const error = await failure(embedBy([sea], changes));
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode, responseBody: expect.stringContaining(`"${code}"`) });
    }
  });

  it('take the call to the model along when the AI SDK leaves', async () => {
    const { error, calls } = await leaveDuringCall(
      spillway,
      (signal) => embedBy([sea], { signal }),
      'InvokeModel',
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  const langChainBy = (own: BedrockRuntimeClient, model = 'embed') =>
    new BedrockEmbeddings({ client: own, model, dimensions: 512, maxRetries: 0 });

  it('of LangChain’s BedrockEmbeddings', async () => {
    const vectors = await langChainBy(client).embedDocuments([sea, money]);
    expect(vectors.map(({ length }) => length)).toEqual([512, 512]);
  });

  it('have errors that LangChain wraps, with our reasons in them', async () => {
    // It prints what it throws, the exception itself.
    const printed = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const stranger = clientAt(spillway.gatewayUrl('us-east-1'), 'sk-wrong');
    expect(await failure(langChainBy(client, 'none').embedQuery(sea))).toMatchObject({
      message: expect.stringMatching(/embedding documents with Bedrock: .*"none"/),
    });
    expect(await failure(langChainBy(stranger).embedDocuments([sea]))).toBeInstanceOf(Error);
    expect(printed.mock.calls).toMatchObject([
      [{ error: { name: 'ResourceNotFoundException', code: 'model_not_found' } }],
      [{ error: { name: 'AccessDeniedException', code: 'invalid_api_key' } }],
    ]);
    printed.mockRestore();
    stranger.destroy();
  });

  it('take the call to the model along when the transport under LangChain is aborted', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue(undefined);
    const { error, calls } = await leaveDuringCall(
      spillway,
      (abortSignal) => {
        const own = clientAt(spillway.gatewayUrl('us-east-1'));
        const { requestHandler } = own.config;
        own.config.requestHandler = {
          ...requestHandler,
          handle: (request, options) => requestHandler.handle(request, { ...options, abortSignal }),
        };
        return langChainBy(own)
          .embedQuery(sea)
          .finally(() => requestHandler.destroy?.());
      },
      'InvokeModel',
    );
    expect(printed).toHaveBeenCalledWith({ error: expect.objectContaining({ name: 'AbortError' }) });
    expect(error).toBeInstanceOf(Error);
    expect(calls).toMatchObject([{ aborted: true }]);
    printed.mockRestore();
  });
});

describe('counting tokens', () => {
  it('of AWS’s client, of both forms', async () => {
    const messages = [{ role: 'user' as const, content: [{ text: prompt }] }];
    const count = async (input: ConstructorParameters<typeof CountTokensCommand>[0]['input']) =>
      (await client.send(new CountTokensCommand({ modelId: 'chat-large', input }))).inputTokens;
    expect(await count({ converse: { messages } })).toBe(await countDirectly(prompt));
    const body = new TextEncoder().encode(JSON.stringify(native()));
    expect(await count({ invokeModel: { body } })).toBe(await countDirectly(prompt));
    await expect(
      count({ invokeModel: { body: new TextEncoder().encode('{"prompt":"x"}') } }),
    ).rejects.toThrow(/input\.invokeModel\.body: must be in Anthropic’s format/);
  });

  const countBy = (own: BedrockRuntimeClient, model: string, abortSignal?: AbortSignal) => {
    const converse = { messages: [{ role: 'user' as const, content: [{ text: prompt }] }] };
    const command = new CountTokensCommand({ modelId: model, input: { converse } });
    return own.send(command, abortSignal === undefined ? {} : { abortSignal });
  };

  it('throws AWS’s own exceptions', async () => {
    const refused = async (name: string, code: string, counting: Promise<unknown>) =>
      expect(await failure(counting)).toMatchObject({ name, code });
    await refused('ResourceNotFoundException', 'model_not_found', countBy(client, 'none'));
    await refused('ValidationException', 'invalid_request', countBy(client, 'embed'));
    const stranger = clientAt(spillway.gatewayUrl('us-east-1'), 'sk-wrong');
    await refused('AccessDeniedException', 'invalid_api_key', countBy(stranger, 'chat-large'));
    stranger.destroy();
    await spillway.control('PUT', 'faults', [
      {
        service: 'bedrock-runtime',
        operation: 'CountTokens',
        kind: 'error',
        error: 'InternalServerException',
      },
    ]);
    const asia = clientAt(spillway.gatewayUrl('ap-northeast-1'));
    await refused('ModelErrorException', 'upstream_failed', countBy(asia, 'chat-large'));
    asia.destroy();
  });

  it('ends when AWS’s client leaves', async () => {
    const { error, calls } = await leaveDuringCall(
      spillway,
      (signal) => countBy(client, 'chat-large', signal),
      'CountTokens',
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(calls).toMatchObject([{ operation: 'CountTokens', aborted: true }]);
  });

  const anthropicClient = () =>
    new Anthropic({
      baseURL: spillway.gatewayUrl('us-east-1'),
      apiKey: 'sk-local',
      maxRetries: 0,
      defaultHeaders: { 'x-spillway-residency': 'us' },
    });

  it('throws Anthropic’s own errors', async () => {
    const count = (model: string, more: object = {}) =>
      failure(
        anthropicClient().messages.countTokens({
          model,
          messages: [{ role: 'user', content: prompt }],
          ...more,
        }),
      );
    const wrong = await count('chat-large', { max_tokens: 5 });
    expect(wrong).toBeInstanceOf(Anthropic.BadRequestError);
    expect(wrong).toMatchObject({ message: expect.stringContaining('max_tokens: ') });
    expect(await count('none')).toBeInstanceOf(Anthropic.NotFoundError);
    expect(await count('none')).toMatchObject({ errorCode: 'model_not_found' });
  });

  it('ends when Anthropic’s client leaves', async () => {
    const messages = [{ role: 'user' as const, content: prompt }];
    const { error, calls } = await leaveDuringCall(
      spillway,
      (signal) => anthropicClient().messages.countTokens({ model: 'chat-large', messages }, { signal }),
      'CountTokens',
    );
    expect(error).toBeInstanceOf(Anthropic.APIUserAbortError);
    expect(calls).toMatchObject([{ operation: 'CountTokens', aborted: true }]);
  });

  it('of Anthropic’s client, which a container of one’s own cannot answer', async () => {
    const anthropic = anthropicClient();
    const counting = anthropic.messages
      .countTokens({ model: 'chat-small', messages: [{ role: 'user', content: prompt }] })
      .withResponse();
    const { data, response } = await counting;
    expect(data.input_tokens).toBe(await countDirectly(prompt));
    // Its dedicated endpoint stands first for chats.
    expect(response.headers.get('x-spillway-tier')).toBe('serverless');
    expect(response.headers.get('x-spillway-max-tokens')).toBeNull();
    const tools = [{ name: 'weather', input_schema: { type: 'object' as const } }];
    const more = await anthropic.messages.countTokens({
      model: 'chat-large',
      messages: [{ role: 'user', content: prompt }],
      tools,
    });
    expect(more.input_tokens).toBeGreaterThan(data.input_tokens);
  });

  it('moves on where it is refused, and keeps chats where they were', async () => {
    // A gateway that no other test of this file asks: nothing of its targets is known yet.
    await spillway.control('PUT', 'faults', [
      {
        service: 'bedrock-runtime',
        operation: 'CountTokens',
        region: 'eu-central-1',
        kind: 'error',
        error: 'AccessDeniedException',
      },
    ]);
    const headers = { authorization: 'Bearer sk-local', 'x-spillway-residency': 'eu' };
    const ask = (path: string, body: object) =>
      fetch(`${spillway.gatewayUrl('eu-central-1')}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
    const messages = [{ role: 'user', content: prompt }];
    const chatted = await ask('/v1/messages', { model: 'chat-large', max_tokens: 10, messages });
    const counted = await ask('/v1/messages/count_tokens', { model: 'chat-large', messages });
    expect([counted.status, counted.headers.get('x-spillway-attempts')]).toEqual([200, '2']);
    expect(counted.headers.get('x-spillway-region')).not.toBe('eu-central-1');
    const again = await ask('/v1/messages', { model: 'chat-large', max_tokens: 10, messages });
    expect(again.headers.get('x-spillway-target')).toBe(chatted.headers.get('x-spillway-target'));
  });
});
