import { afterEach, describe, expect, it } from 'vitest';
import { createSageMakerInvoker } from '#adapters/aws/sagemaker-invoker.ts';
import type { UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';
import { exceptionFrame, payloadPart } from '#test/builders/event-stream-frame.ts';
import {
  type Answer,
  type LoopbackUpstream,
  openLoopbackUpstream,
  sendAwsError,
  sendEventStream,
} from '#test/builders/loopback-upstream.ts';
import {
  chatRequest,
  collect,
  dedicatedTarget,
  modelCall,
  signalOf,
  textOf,
} from '#test/builders/model-call.ts';
import { loopbackClient } from '#test/builders/upstream-client.ts';
import type { ModelCall } from '#usecases/ports/model-invoker.ts';

let upstream: LoopbackUpstream | undefined;
let client: UpstreamClient | undefined;

async function open(answer: Answer) {
  upstream = await openLoopbackUpstream(answer);
  client = loopbackClient(upstream.endpoint);
  const invoker = createSageMakerInvoker(client);
  return {
    upstream,
    converse: (overrides: Partial<ModelCall> = {}) =>
      invoker.converse(modelCall({ target: dedicatedTarget(), ...overrides })),
    embed: () =>
      invoker.embed({ ...modelCall({ target: dedicatedTarget() }), request: anEmbeddingRequest() }),
    count: () => invoker.countTokens(modelCall({ target: dedicatedTarget() })),
  };
}

afterEach(async () => {
  await client?.close();
  await upstream?.close();
});

const chunk = (delta: object, finishReason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;

const whole = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Grüße' }),
  ': keep-alive\n\n',
  chunk({ content: ', 世界' }),
  chunk({}, 'stop'),
  'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2}}}\n\n',
  'data: [DONE]\n\n',
].join('');

const wholeEvents = [
  { type: 'message-start' },
  { type: 'text-delta', index: 0, text: 'Grüße' },
  { type: 'text-delta', index: 0, text: ', 世界' },
  { type: 'block-stop', index: 0 },
  { type: 'message-stop', stopReason: 'end_turn' },
  { type: 'usage', usage: { inputTokens: 7, outputTokens: 4, cacheReadInputTokens: 2 } },
];

/** PayloadParts of `size` bytes each, cut without regard for lines or characters. */
function parts(text: string, size: number): readonly Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    payloadPart(bytes.subarray(index * size, (index + 1) * size)),
  );
}

describe('a call of a dedicated target', () => {
  it.each([1, 2, 7, 100_000])('reads the same answer from parts of %i bytes', async (size) => {
    const { converse } = await open((response) => sendEventStream(response, parts(whole, size)));
    expect(await collect(await converse())).toEqual(wholeEvents);
  });

  it('reads lines that end in CR LF and a last line without an end', async () => {
    const text = whole.replaceAll('\n', '\r\n').trimEnd();
    const { converse } = await open((response) => sendEventStream(response, parts(text, 50)));
    expect(await collect(await converse())).toEqual(wholeEvents);
  });

  it('asks for a stream with usage, of the served model, on the component', async () => {
    const { upstream, converse } = await open((response) => sendEventStream(response, parts(whole, 100)));
    const target = dedicatedTarget({ endpoint: 'pool', component: 'chat-small-a', modelId: 'served' });
    await collect(await converse({ target }));
    const [call] = upstream.calls;
    expect(call?.path).toBe('/endpoints/pool/invocations-response-stream');
    expect(call?.headers['x-amzn-sagemaker-inference-component']).toBe('chat-small-a');
    expect(call?.headers.authorization).toContain('/us-east-1/sagemaker/aws4_request');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      model: 'served',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 64,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('sends system, images, tools, their results and the wanted format as OpenAI has them', async () => {
    const { upstream, converse } = await open((response) => sendEventStream(response, parts(whole, 100)));
    const request = chatRequest({
      system: [{ text: 'Be brief.' }, { text: 'Be kind.' }],
      messages: [
        { role: 'user', content: [{ text: 'look' }, { image: { format: 'png', bytesBase64: 'iVBO' } }] },
        {
          role: 'assistant',
          content: [
            { text: 'hm' },
            { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Rom' } } },
          ],
        },
        {
          role: 'user',
          content: [{ toolResult: { toolUseId: 't1', content: [{ text: '21' }] } }, { text: 'and now?' }],
        },
      ],
      tools: {
        specifications: [{ name: 'weather', description: 'tells', inputSchema: { type: 'object' } }],
        choice: { kind: 'any' },
      },
      responseFormat: { kind: 'json-schema', name: 'answer', schema: { type: 'object' } },
    });
    await collect(await converse({ request }));
    expect(JSON.parse(upstream.calls[0]?.body ?? '')).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.\n\nBe kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } },
          ],
        },
        {
          role: 'assistant',
          content: 'hm',
          tool_calls: [
            { id: 't1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rom"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 't1', content: '21' },
        { role: 'user', content: 'and now?' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'tells', parameters: { type: 'object' } },
        },
      ],
      tool_choice: 'required',
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    });
  });

  it('numbers reasoning, text and each tool call as blocks of their own', async () => {
    const text = [
      chunk({ reasoning_content: 'thinking' }),
      chunk({ content: 'Let me look.' }),
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'weather', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Rom"}' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'time', arguments: '{}' } }] }),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ].join('');
    const { converse } = await open((response) => sendEventStream(response, parts(text, 33)));
    expect(await collect(await converse())).toEqual([
      { type: 'message-start' },
      { type: 'reasoning-delta', index: 0, text: 'thinking' },
      { type: 'block-stop', index: 0 },
      { type: 'text-delta', index: 1, text: 'Let me look.' },
      { type: 'block-stop', index: 1 },
      { type: 'tool-use-start', index: 2, toolUseId: 'a', name: 'weather' },
      { type: 'tool-use-delta', index: 2, inputJson: '{"city":' },
      { type: 'tool-use-delta', index: 2, inputJson: '"Rom"}' },
      { type: 'block-stop', index: 2 },
      { type: 'tool-use-start', index: 3, toolUseId: 'b', name: 'time' },
      { type: 'tool-use-delta', index: 3, inputJson: '{}' },
      { type: 'block-stop', index: 3 },
      { type: 'message-stop', stopReason: 'tool_use' },
    ]);
  });

  it('is called plainly where the target is known not to stream', async () => {
    const { upstream, converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const message = { role: 'assistant', content: 'all at once' };
      const usage = { prompt_tokens: 3, completion_tokens: 4 };
      response.end(JSON.stringify({ choices: [{ message, finish_reason: 'length' }], usage }));
    });
    const events = await collect(
      await converse({ target: dedicatedTarget({ capabilities: { streaming: false } }) }),
    );
    expect(upstream.calls[0]?.path).toBe('/endpoints/chat-small/invocations');
    expect(textOf(events)).toBe('all at once');
    expect(events.at(-1)).toEqual({ type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } });
  });
});

describe('a dedicated target that speaks TGI’s own format', () => {
  const target = dedicatedTarget({ container: { api: 'tgi', chatTemplate: 'chatml' } });
  const token = (text: string, end: object = {}) =>
    `data:${JSON.stringify({ token: { id: 1, text, special: false }, generated_text: null, ...end })}\n\n`;
  const details = { finish_reason: 'length', generated_tokens: 2, input_length: 5 };
  const stream = `${token('Grüße')}:\n\n${token(', 世界', { generated_text: 'Grüße, 世界', details })}`;

  it('is asked with one text and read token by token, however its parts are cut', async () => {
    for (const size of [1, 5, 1_000]) {
      const { upstream, converse } = await open((response) => sendEventStream(response, parts(stream, size)));
      const events = await collect(await converse({ target }));
      expect(textOf(events)).toBe('Grüße, 世界');
      expect(events.slice(-2)).toEqual([
        { type: 'message-stop', stopReason: 'max_tokens' },
        { type: 'usage', usage: { inputTokens: 5, outputTokens: 2 } },
      ]);
      expect(JSON.parse(upstream.calls[0]?.body ?? '')).toMatchObject({
        inputs: '<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n',
        parameters: { max_new_tokens: 64, details: true },
        stream: true,
      });
      await client?.close();
      await upstream.close();
    }
  });

  it('is incomplete without its details, and called plainly where it cannot stream', async () => {
    const { converse } = await open((response, { path }) => {
      if (path.endsWith('response-stream')) return sendEventStream(response, parts(token('half'), 100));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify([{ generated_text: 'whole', details: { ...details, prefill: [{}, {}] } }]));
    });
    expect(await signalOf(converse({ target }).then(collect))).toMatchObject({ kind: 'incomplete' });
    const plain = { ...target, capabilities: { streaming: false } };
    const events = await collect(await converse({ target: plain }));
    expect([textOf(events), events.at(-1)]).toEqual([
      'whole',
      { type: 'usage', usage: { inputTokens: 2, outputTokens: 2 } },
    ]);
  });
});

describe('a dedicated target that fails', () => {
  async function failing(...frames: readonly Buffer[]) {
    const { converse } = await open((response) => sendEventStream(response, frames));
    return signalOf(converse().then(collect));
  }

  it('passes the no-capacity answer on as it is', async () => {
    const message = 'Inference Component has no capacity to process this request. ScaledToZero';
    const { converse } = await open((response) =>
      sendAwsError(response, { status: 400, name: 'ValidationError', message }),
    );
    expect(await signalOf(converse())).toEqual({
      service: 'sagemaker-runtime',
      kind: 'answer',
      phase: 'before',
      errorName: 'ValidationError',
      httpStatus: 400,
      message,
    });
  });

  it('tells the status of the container behind a ModelError', async () => {
    const body = { OriginalStatusCode: 503, OriginalMessage: 'busy' };
    const { converse } = await open((response) =>
      sendAwsError(response, { status: 424, name: 'ModelError', message: 'failed', body }),
    );
    expect(await signalOf(converse())).toMatchObject({ errorName: 'ModelError', originalStatusCode: 503 });
  });

  it('is incomplete without a finish_reason, and without [DONE]', async () => {
    expect(await failing(payloadPart(chunk({ content: 'half' })))).toMatchObject({ kind: 'incomplete' });
    expect(await failing(payloadPart(chunk({ content: 'half' }) + chunk({}, 'stop')))).toMatchObject({
      kind: 'incomplete',
    });
    expect(await failing(payloadPart(`${chunk({ content: 'half' })}data: [DONE]\n\n`))).toMatchObject({
      kind: 'incomplete',
    });
  });

  it.each([
    ['modelStreamError', 'ModelStreamError'],
    ['InternalStreamFailure', 'InternalStreamFailure'],
  ])('tells the in-stream exception %s', async (exceptionType, errorName) => {
    const exception = exceptionFrame(exceptionType, { Message: 'broken', ErrorCode: 'StreamBroken' });
    expect(await failing(payloadPart(chunk({ content: 'x' })), exception)).toMatchObject({
      kind: 'answer',
      phase: 'in-stream',
      errorName,
      message: 'broken',
    });
  });

  it("tells the container's own error in the stream", async () => {
    const line = 'data: {"error":{"message":"out of memory","code":500}}\n\n';
    expect(await failing(payloadPart(line))).toMatchObject({
      kind: 'answer',
      errorName: 'ModelError',
      originalStatusCode: 500,
      message: 'out of memory',
    });
  });

  it.each([
    'data: {"choices":\n\n',
    'data: {"choices":[{"delta":{"content":5}}]}\n\n',
    'data: {"choices":7}\n\n',
  ])('is malformed when a chunk is %j', async (line) => {
    expect(await failing(payloadPart(line))).toMatchObject({ kind: 'malformed', phase: 'in-stream' });
  });
});

describe('texts', () => {
  it('go whole to /invocations, and a failure in the place of vectors is one', async () => {
    const answers = [
      { data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 2 } },
      { error: { code: 503 } },
    ];
    const { embed, upstream } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answers.shift()));
    });
    expect(await embed()).toEqual({ embeddings: [[1]], inputTokens: 2 });
    expect(upstream.calls[0]?.path).toBe('/endpoints/chat-small/invocations');
    expect(JSON.parse(upstream.calls[0]?.body ?? '')).toMatchObject({
      model: 'chat-small',
      input: ['the tide'],
    });
    expect(await signalOf(embed())).toMatchObject({ kind: 'answer', originalStatusCode: 503 });
  });

  it('are counted by nobody: no count comes here', async () => {
    const { count } = await open(() => undefined);
    expect(() => count()).toThrow(/cannot count tokens/);
  });
});
