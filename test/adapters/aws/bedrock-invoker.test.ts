import { afterEach, describe, expect, it } from 'vitest';
import { createBedrockInvoker } from '#adapters/aws/bedrock-invoker.ts';
import type { UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';
import { converseFrames, errorFrame, eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';
import {
  type Answer,
  eventually,
  type LoopbackUpstream,
  openLoopbackUpstream,
  sendAwsError,
  sendEventStream,
} from '#test/builders/loopback-upstream.ts';
import {
  bedrockTarget,
  chatRequest,
  collect,
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
  const invoker = createBedrockInvoker(client);
  return {
    upstream,
    converse: (overrides: Partial<ModelCall> = {}) => invoker.converse(modelCall(overrides)),
    embed: () => {
      const target = bedrockTarget({ modelId: 'amazon.titan-embed-text-v2:0' });
      return invoker.embed({ ...modelCall({ target }), request: anEmbeddingRequest() });
    },
    count: (request = chatRequest(), target = bedrockTarget(), jsonWay: ModelCall['jsonWay'] = undefined) =>
      invoker.countTokens({ ...modelCall({ target }), request, jsonWay }),
  };
}

afterEach(async () => {
  await client?.close();
  await upstream?.close();
});

describe('a Bedrock call that succeeds', () => {
  it('becomes canonical events in the order in which they were sent', async () => {
    const { converse } = await open((response) => sendEventStream(response, converseFrames('Hel', 'lo')));
    expect(await collect(await converse())).toEqual([
      { type: 'message-start' },
      { type: 'text-delta', index: 0, text: 'Hel' },
      { type: 'text-delta', index: 0, text: 'lo' },
      { type: 'block-stop', index: 0 },
      { type: 'message-stop', stopReason: 'end_turn' },
      { type: 'usage', usage: { inputTokens: 7, outputTokens: 2 } },
    ]);
  });

  it('calls the profile where the target has one, with the trace context of the caller', async () => {
    const { upstream, converse } = await open((response) => sendEventStream(response, converseFrames('x')));
    const target = bedrockTarget({ profileId: 'us.amazon.nova-lite-v1:0' });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await collect(await converse({ target, traceparent, maxTokens: 5 }));
    const [call] = upstream.calls;
    expect(call?.path).toBe('/model/us.amazon.nova-lite-v1%3A0/converse-stream');
    expect(call?.headers.traceparent).toBe(traceparent);
    expect(call?.headers.authorization).toContain('/us-east-1/bedrock/aws4_request');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
      inferenceConfig: { maxTokens: 5 },
    });
  });

  it('answers in JSON by structured outputs where it is to, in text as it came', async () => {
    const { upstream, converse } = await open((response) =>
      sendEventStream(response, converseFrames('{"a":', '1}')),
    );
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    const request = chatRequest({ responseFormat: { kind: 'json-schema', name: 'answer', schema } });
    const events = await collect(await converse({ request, jsonWay: 'native' }));
    expect(events.map((event) => (event.type === 'text-delta' ? event.text : ''))).toEqual(
      expect.arrayContaining(['{"a":', '1}']),
    );
    const { outputConfig, toolConfig } = JSON.parse(upstream.calls[0]?.body ?? '') as Record<string, unknown>;
    const closed = JSON.stringify({ ...schema, additionalProperties: false });
    const jsonSchema = { schema: closed, name: 'answer' };
    expect(outputConfig).toEqual({ textFormat: { type: 'json_schema', structure: { jsonSchema } } });
    expect(toolConfig).toBeUndefined();
  });

  it.each([
    ['as its caller sent it where it can be said so', { additionalProperties: false }, true],
    ['written anew where objects must be closed first', {}, false],
  ])('is sent a Converse body with a schema %s', async (_, more, asCame) => {
    const { upstream, converse } = await open((response) => sendEventStream(response, converseFrames('{}')));
    const schema = { type: 'object', properties: {}, ...more };
    const jsonSchema = { schema: JSON.stringify(schema, undefined, 2) };
    const outputConfig = { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
    const members = { messages: [{ role: 'user', content: [{ text: 'hello' }] }], outputConfig };
    const source = { format: 'bedrock-converse', members, streamed: false, showsUsage: false } as const;
    const request = chatRequest({ responseFormat: { kind: 'json-schema', name: 'answer', schema } });
    await collect(await converse({ request, source, jsonWay: 'native' }));
    await collect(await converse({ request, source, jsonWay: 'tool' }));
    const [native, tool] = upstream.calls.map(({ body }) => JSON.parse(body) as typeof members);
    expect(native?.outputConfig.textFormat.structure.jsonSchema.schema === jsonSchema.schema).toBe(asCame);
    expect(tool).toMatchObject({ toolConfig: { toolChoice: { tool: { name: 'answer_in_json' } } } });
    expect(tool?.outputConfig).toBeUndefined();
  });

  it('is called plainly where the model is known not to stream, with all events together', async () => {
    const { upstream, converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          output: { message: { role: 'assistant', content: [{ text: 'all at once' }] } },
          stopReason: 'max_tokens',
          usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
        }),
      );
    });
    const events = await collect(
      await converse({ target: bedrockTarget({ capabilities: { streaming: false } }) }),
    );
    expect(upstream.calls[0]?.path).toBe('/model/amazon.nova-lite-v1%3A0/converse');
    expect(textOf(events)).toBe('all at once');
    expect(events.slice(-2)).toEqual([
      { type: 'message-stop', stopReason: 'max_tokens' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
    ]);
  });

  it('is malformed where the model spoiled a plain answer, but for callers whose format has the word', async () => {
    const { converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          output: { message: { role: 'assistant', content: [{ text: 'half' }] } },
          stopReason: 'malformed_tool_use',
          usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
        }),
      );
    });
    const target = bedrockTarget({ capabilities: { streaming: false } });
    expect(await signalOf(collect(await converse({ target })))).toMatchObject({ kind: 'malformed' });
    const request = chatRequest({ tellsMalformedStop: true });
    expect(await collect(await converse({ target, request }))).toContainEqual({
      type: 'message-stop',
      stopReason: 'malformed_tool_use',
    });
  });

  it('uses its connections again for calls that follow each other', async () => {
    const { upstream, converse } = await open((response) => sendEventStream(response, converseFrames('x')));
    for (let call = 0; call < 20; call += 1) await collect(await converse());
    // A socket is free a turn of the loop after its answer ended, so the next call may open one more, never a third.
    expect(upstream.acceptedSockets()).toBeLessThanOrEqual(2);
  });

  it('reads a large answer through a slow reader without losing a byte', async () => {
    const texts = Array.from({ length: 400 }, (_, index) => `${index} ${'x'.repeat(8_000)}`);
    const { converse } = await open((response) => sendEventStream(response, converseFrames(...texts)));
    let text = '';
    for await (const event of await converse()) {
      if (event.type === 'text-delta') text += event.text;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(text === texts.join('')).toBe(true);
  });
});

describe('a Bedrock call that fails before its answer', () => {
  it('tells name, status, text and the time to wait of an error answer', async () => {
    const { converse } = await open((response) =>
      sendAwsError(response, {
        status: 429,
        name: 'ThrottlingException:http://internal.amazon.com/coral/',
        message: 'Too many tokens',
        headers: { 'retry-after': '3' },
      }),
    );
    expect(await signalOf(converse())).toEqual({
      service: 'bedrock-runtime',
      kind: 'answer',
      phase: 'before',
      errorName: 'ThrottlingException',
      httpStatus: 429,
      message: 'Too many tokens',
      retryAfterMs: 3000,
    });
  });

  it('tells the status of the model behind a ModelErrorException', async () => {
    const body = { originalStatusCode: 503, resourceName: 'x' };
    const { converse } = await open((response) =>
      sendAwsError(response, { status: 424, name: 'ModelErrorException', message: 'broke', body }),
    );
    expect(await signalOf(converse())).toMatchObject({
      errorName: 'ModelErrorException',
      originalStatusCode: 503,
    });
  });

  it('reads the name from the body where no header has it', async () => {
    const { converse } = await open((response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end('{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}');
    });
    expect(await signalOf(converse())).toMatchObject({ errorName: 'AccessDeniedException', message: 'no' });
  });

  it('gives the status and the text of an error page that is not JSON', async () => {
    const { converse } = await open((response) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<h1>Bad Gateway</h1>');
    });
    const signal = await signalOf(converse());
    expect(signal).toMatchObject({ kind: 'answer', httpStatus: 502, message: '<h1>Bad Gateway</h1>' });
    expect(signal.errorName).toBeUndefined();
  });

  it('is a lost connection when the socket is reset before any byte', async () => {
    const { converse } = await open((response) => {
      response.socket?.resetAndDestroy();
    });
    expect(await signalOf(converse())).toMatchObject({ kind: 'reset', phase: 'before' });
  });

  it('is no connection when nobody listens', async () => {
    const { upstream, converse } = await open(() => undefined);
    await upstream.close();
    expect(await signalOf(converse())).toMatchObject({ kind: 'connect', phase: 'before' });
  });

  it('is malformed when the answer is not HTTP', async () => {
    const { converse } = await open((response) => {
      response.socket?.write('no HTTP at all\r\n\r\n');
    });
    expect(await signalOf(converse())).toMatchObject({ kind: 'malformed', phase: 'before' });
  });

  it('is malformed when a 200 carries another content type than an event stream', async () => {
    const { converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<h1>Welcome</h1>');
    });
    expect(await signalOf(converse())).toMatchObject({ kind: 'malformed', phase: 'before' });
  });

  it('has no credentials when the account cannot be reached, and sends nothing', async () => {
    const started = await open(() => undefined);
    const refusing = loopbackClient(started.upstream.endpoint, {
      load: async () => Promise.reject(new Error('AssumeRole was refused')),
      forget: () => undefined,
    });
    const signal = await signalOf(createBedrockInvoker(refusing).converse(modelCall()));
    await refusing.close();
    expect(signal).toMatchObject({ kind: 'credentials', phase: 'before' });
    expect(signal.message).toContain('AssumeRole was refused');
    expect(started.upstream.calls).toHaveLength(0);
  });

  it('forgets credentials that the service calls expired', async () => {
    const forgotten: string[] = [];
    const started = await open((response) =>
      sendAwsError(response, { status: 403, name: 'ExpiredTokenException', message: 'expired' }),
    );
    const expiring = loopbackClient(started.upstream.endpoint, {
      load: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
      forget: (account) => forgotten.push(account),
    });
    await signalOf(createBedrockInvoker(expiring).converse(modelCall()));
    await expiring.close();
    expect(forgotten).toEqual(['111111111111']);
  });
});

describe('a Bedrock stream that breaks', () => {
  const partial = converseFrames('Hel', 'lo').slice(0, 2);

  async function failing(frames: readonly Buffer[], end: 'end' | 'reset' = 'end') {
    const { converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      if (end === 'end') response.end(Buffer.concat(frames));
      else response.write(Buffer.concat(frames), () => response.socket?.resetAndDestroy());
    });
    return signalOf(converse().then(collect));
  }

  it('tells the exception that came inside it', async () => {
    const exception = exceptionFrame('throttlingException', { message: 'Too many requests' });
    expect(await failing([...partial, exception])).toEqual({
      service: 'bedrock-runtime',
      kind: 'answer',
      phase: 'in-stream',
      errorName: 'ThrottlingException',
      message: 'Too many requests',
    });
  });

  it('tells the original status of a modelStreamErrorException', async () => {
    const exception = exceptionFrame('modelStreamErrorException', {
      originalMessage: 'x',
      originalStatusCode: 500,
    });
    expect(await failing([exception])).toMatchObject({
      errorName: 'ModelStreamErrorException',
      originalStatusCode: 500,
      message: 'x',
    });
  });

  it('tells an unmodelled error', async () => {
    expect(await failing([...partial, errorFrame('InternalFailure', 'oops')])).toMatchObject({
      kind: 'answer',
      errorName: 'InternalFailure',
      message: 'oops',
    });
  });

  it('is incomplete when it ends in good order without its last events', async () => {
    const whole = converseFrames('Hello');
    expect(await failing(partial)).toMatchObject({ kind: 'incomplete', phase: 'in-stream' });
    expect(await failing(whole.slice(0, -1))).toMatchObject({ kind: 'incomplete' });
    expect(await failing([])).toMatchObject({ kind: 'incomplete' });
  });

  it('is incomplete when it ends inside a frame', async () => {
    const last = converseFrames('x').at(-1) ?? Buffer.alloc(0);
    expect(await failing([...converseFrames('x').slice(0, -1), last.subarray(0, 20)])).toMatchObject({
      kind: 'incomplete',
    });
  });

  it('is malformed when a frame fails its checksum', async () => {
    const damaged = Buffer.from(eventFrame('contentBlockDelta', { delta: { text: 'x' } }));
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 6) ^ 1, damaged.length - 6);
    expect(await failing([...partial, damaged])).toMatchObject({ kind: 'malformed', phase: 'in-stream' });
  });

  it.each([
    eventFrame('contentBlockDelta', { delta: { text: 5 }, contentBlockIndex: 0 }),
    eventFrame('messageStop', {}),
    eventFrame('metadata', { usage: { inputTokens: -1, outputTokens: 0 } }),
    eventFrame('contentBlockDelta', []),
  ])('is malformed when an event breaks its contract (%#)', async (frame) => {
    expect(await failing([frame])).toMatchObject({ kind: 'malformed', phase: 'in-stream' });
  });

  it('is reset when the connection goes away', async () => {
    expect(await failing(partial, 'reset')).toMatchObject({ kind: 'reset', phase: 'in-stream' });
  });
});

describe('a Bedrock call that is given up', () => {
  it('rejects with the reason, at once, when the signal was aborted before', async () => {
    const { upstream, converse } = await open(() => undefined);
    const reason = new Error('gone');
    await expect(converse({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(upstream.calls).toHaveLength(0);
  });

  it('closes the socket of a hanging call when the signal aborts', async () => {
    const { upstream, converse } = await open(() => undefined);
    const controller = new AbortController();
    const call = converse({ signal: controller.signal });
    await eventually(() => upstream.calls.length === 1, 'the call arrives');
    controller.abort(new Error('deadline'));
    await expect(call).rejects.toThrow('deadline');
    await eventually(() => upstream.openSockets() === 0, 'the socket closes', 1_000);
  });

  it('closes the socket of a stalled stream when the signal aborts', async () => {
    const { upstream, converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      response.write(Buffer.concat(converseFrames('Hello').slice(0, 2)));
    });
    const controller = new AbortController();
    const events = (await converse({ signal: controller.signal }))[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    const next = events.next();
    controller.abort(new Error('between tokens'));
    await expect(next).rejects.toThrow('between tokens');
    await eventually(() => upstream.openSockets() === 0, 'the socket closes', 1_000);
  });

  it('closes the socket when the reader stops reading', async () => {
    const { upstream, converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      response.write(Buffer.concat(converseFrames('Hello').slice(0, 2)));
    });
    for await (const event of await converse()) if (event.type === 'text-delta') break;
    await eventually(() => upstream.openSockets() === 0, 'the socket closes', 1_000);
  });

  it('leaves no socket behind over 200 aborted calls', async () => {
    const { upstream, converse } = await open((response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      response.write(eventFrame('messageStart', { role: 'assistant' }));
    });
    const abortOne = async (index: number) => {
      const controller = new AbortController();
      const call = converse({ signal: controller.signal });
      if (index % 2 === 0) await (await call)[Symbol.asyncIterator]().next();
      controller.abort(new Error('gone'));
      await call.catch(() => undefined);
    };
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => abortOne(index)));
    }
    await eventually(() => upstream.openSockets() === 0, 'all sockets close');
    await client?.close();
    const leftovers = process
      .getActiveResourcesInfo()
      .filter((name) => name === 'Timeout' || name === 'TCPSocketWrap');
    expect(leftovers.length).toBeLessThan(10);
  });
});

describe('a Bedrock call that carries everything a chat can hold', () => {
  it('sends system, images, tools and their results as Converse has them', async () => {
    const { upstream, converse } = await open((response) => sendEventStream(response, converseFrames('ok')));
    const request = chatRequest({
      system: [{ text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ text: 'look' }, { image: { format: 'png', bytesBase64: 'iVBORw0=' } }] },
        {
          role: 'assistant',
          content: [{ toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Rom' } } }],
        },
        {
          role: 'user',
          content: [{ toolResult: { toolUseId: 't1', content: [{ text: '21 °C' }], status: 'success' } }],
        },
      ],
      inference: { temperature: 0, topP: 0.5, stopSequences: ['END'] },
      tools: {
        specifications: [{ name: 'weather', inputSchema: { type: 'object' } }],
        choice: { kind: 'tool', name: 'weather' },
      },
    });
    await collect(await converse({ request }));
    expect(JSON.parse(upstream.calls[0]?.body ?? '')).toEqual({
      system: [{ text: 'Be brief.' }],
      messages: [
        {
          role: 'user',
          content: [{ text: 'look' }, { image: { format: 'png', source: { bytes: 'iVBORw0=' } } }],
        },
        {
          role: 'assistant',
          content: [{ toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Rom' } } }],
        },
        {
          role: 'user',
          content: [{ toolResult: { toolUseId: 't1', content: [{ text: '21 °C' }], status: 'success' } }],
        },
      ],
      inferenceConfig: { maxTokens: 64, temperature: 0, topP: 0.5, stopSequences: ['END'] },
      toolConfig: {
        tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }],
        toolChoice: { tool: { name: 'weather' } },
      },
    });
  });
});

describe('work that is answered whole', () => {
  const json =
    (value: unknown, headers: Record<string, string> = {}): Answer =>
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };

  it('of texts goes to InvokeModel and counts what the header says', async () => {
    const answer = { embedding: [1, 2], inputTextTokenCount: 9 };
    const { embed, upstream } = await open(json(answer, { 'x-amzn-bedrock-input-token-count': '7' }));
    expect(await embed()).toEqual({ embeddings: [[1, 2]], inputTokens: 7 });
    expect(upstream.calls).toMatchObject([
      { path: '/model/amazon.titan-embed-text-v2%3A0/invoke', body: '{"inputText":"the tide"}' },
    ]);
  });

  it('of a count goes to CountTokens, with the chat as Converse would have it', async () => {
    const { count, upstream } = await open(json({ inputTokens: 11 }));
    const responseFormat = { kind: 'json-schema', name: 'x', schema: { type: 'object' } } as const;
    expect(await count(chatRequest({ responseFormat }))).toBe(11);
    const [call] = upstream.calls;
    expect(call?.path).toBe('/model/amazon.nova-lite-v1%3A0/count-tokens');
    const { input } = JSON.parse(call?.body ?? '');
    expect(input.converse.messages).toEqual([{ role: 'user', content: [{ text: 'hello' }] }]);
    // The tool that stands for a JSON mode is charged for too.
    expect(input.converse.toolConfig.tools).toHaveLength(1);
    expect(input.converse).not.toHaveProperty('inferenceConfig');
  });

  it('of a count is not forced to a tool where structured outputs would answer', async () => {
    const { count, upstream } = await open(json({ inputTokens: 11 }));
    const responseFormat = { kind: 'json-schema', name: 'x', schema: { type: 'object' } } as const;
    await count(chatRequest({ responseFormat }), bedrockTarget(), 'native');
    await count(chatRequest(), bedrockTarget(), 'native');
    const [withSchema, without] = upstream.calls.map(({ body }) => JSON.parse(body).input.converse);
    expect(withSchema.toolConfig).toMatchObject({ tools: [expect.anything()], toolChoice: { auto: {} } });
    expect(without).not.toHaveProperty('toolConfig');
  });

  it('counts by the model itself where a call would name its profile', async () => {
    const { count, upstream } = await open(json({ inputTokens: 1 }));
    await count(chatRequest(), bedrockTarget({ profileId: 'us.amazon.nova-lite-v1:0' }));
    expect(upstream.calls[0]?.path).toBe('/model/amazon.nova-lite-v1%3A0/count-tokens');
  });

  it.each([
    ['no JSON', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{')],
    ['another type', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('{}')],
    ['no member', json({})],
  ] satisfies [string, Answer][])('is malformed without what it must have: %s', async (_, answer) => {
    const { embed, count } = await open(answer);
    expect(await signalOf(embed())).toMatchObject({ kind: 'malformed' });
    expect(await signalOf(count())).toMatchObject({ kind: 'malformed' });
  });

  it('fails as everything else fails', async () => {
    const { embed } = await open((response) =>
      sendAwsError(response, { status: 429, name: 'ThrottlingException', message: 'x' }),
    );
    expect(await signalOf(embed())).toMatchObject({ kind: 'answer', errorName: 'ThrottlingException' });
  });
});
