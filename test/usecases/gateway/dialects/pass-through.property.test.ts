/**
 * The same format on both sides: a target's own pieces say to a caller what the written ones would have said, wherever
 * the target's bytes are cut, and a stream that breaks shows a proper beginning and no end.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBedrockInvoker } from '#adapters/aws/bedrock-invoker.ts';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { createSageMakerInvoker } from '#adapters/aws/sagemaker-invoker.ts';
import type { UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import { isContent, type ModelEvent } from '#core/chat/model-event.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { eventFrame, payloadPart } from '#test/builders/event-stream-frame.ts';
import { bodyReading } from '#test/builders/upstream-body.ts';
import { bedrockConverse } from '#usecases/gateway/dialects/bedrock-converse.ts';
import { openAiChat } from '#usecases/gateway/dialects/openai-chat.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const identity = { requestId: 'r1', model: 'chat', createdSeconds: 7, elapsedMs: () => 5 };
const usageAsked = { stream: true, stream_options: { include_usage: true } };
const chatBody = { model: 'chat', messages: [{ role: 'user', content: 'go' }] };
const converseBody = { messages: [{ role: 'user', content: [{ text: 'go' }] }] };

/** An upstream that answers with these bytes in these packets. */
function clientOf(packets: readonly Uint8Array[], contentType = 'application/vnd.amazon.eventstream') {
  const sent: { path: string; body: string }[] = [];
  const left = [...packets];
  const client = {
    send: async ({ path, body }: { path: string; body: string }) => {
      sent.push({ path, body });
      const answer = bodyReading(async () => left.shift());
      return { status: 200, headers: { 'content-type': contentType }, body: answer };
    },
  } as unknown as UpstreamClient;
  return { client, sent };
}

function readChat(dialect: typeof openAiChat, body: object, stream: boolean) {
  const call = dialect.read(body, { model: 'chat', stream }, new Headers());
  if (!call.ok || call.work.kind !== 'chat') throw new Error('a good chat is read');
  return call.work;
}

interface Told {
  readonly bytes: Buffer;
  readonly whole: unknown;
  readonly failure: unknown;
  readonly content: number;
  readonly sent: string;
}

/** What a caller reads of these packets; `relayed` is false where everything goes by way of the canonical form. */
async function tell(
  format: 'chat' | 'converse',
  packets: readonly Uint8Array[],
  { body, relayed, stream = true }: { body?: object; relayed: boolean; stream?: boolean },
): Promise<Told> {
  const dialect = format === 'chat' ? openAiChat : bedrockConverse;
  const given = body ?? (format === 'chat' ? { ...chatBody, ...usageAsked } : converseBody);
  const work = readChat(dialect, given, stream);
  const { client, sent } = clientOf(packets);
  const target =
    format === 'chat'
      ? aDedicatedTarget({ modelId: 'served' })
      : aTarget({ modelId: 'amazon.nova-lite-v1:0' });
  const invoker = format === 'chat' ? createSageMakerInvoker(client) : createBedrockInvoker(client);
  const writer = work.writer.stream(identity);
  const parts: Uint8Array[] = [];
  const events: ModelEvent[] = [];
  let failure: unknown;
  try {
    const call = {
      target,
      request: work.request,
      maxTokens: 64,
      connectMsMax: 1,
      signal: new AbortController().signal,
    };
    for await (const event of await invoker.converse({
      ...call,
      source: relayed ? work.source : undefined,
    })) {
      events.push(event);
      parts.push(writer.step(event));
    }
    parts.push(writer.end());
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    failure = error.signal.kind;
  }
  return {
    bytes: Buffer.concat(parts),
    whole: work.writer.whole(identity, events.reduce(foldEvent, emptyAnswer)).body,
    failure,
    content: events.filter(isContent).length,
    sent: sent[0]?.body ?? '',
  };
}

/** All that a chat client sums up of a stream. */
function summed(bytes: Buffer) {
  const sum = {
    text: '',
    thought: '',
    calls: [] as { id: string; name: string; json: string }[],
    stop: '',
    usage: {},
    done: 0,
  };
  for (const [, data = ''] of bytes.toString('utf8').matchAll(/^data: (.+)$/gm)) {
    if (data === '[DONE]') {
      sum.done += 1;
      continue;
    }
    const { model, choices, usage } = JSON.parse(data);
    expect(model).toBe('chat');
    const { delta = {}, finish_reason: stop } = choices[0] ?? {};
    sum.text += delta.content ?? '';
    sum.thought += delta.reasoning_content ?? '';
    for (const call of delta.tool_calls ?? []) {
      sum.calls[call.index] ??= { id: call.id, name: call.function.name, json: '' };
      const known = sum.calls[call.index];
      if (known === undefined) continue;
      known.json += call.function.arguments ?? '';
    }
    sum.stop += stop ?? '';
    const { prompt_tokens: input, completion_tokens: output } = usage ?? {};
    if (usage) sum.usage = { input, output };
  }
  return sum;
}

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const piece = fc.oneof(
  text.map((content) => ({ content })),
  text.map((reasoning_content) => ({ reasoning_content })),
  fc.bigInt({ min: 0n, max: 10n ** 25n }).map((id) => ({ call: `{"id":${id}}` })),
);
const answers = fc.record({
  pieces: fc.array(piece, { minLength: 1, maxLength: 5 }),
  spaced: fc.boolean(),
  extra: fc.constantFrom({}, { system_fingerprint: null }, { prompt_logprobs: null, kv: { hit: 1 } }),
  reason: fc.constantFrom('stop', 'length', 'content_filter'),
});

/** A container's stream, as vLLM or a server in Python writes it. */
function sse({
  pieces,
  spaced,
  extra,
  reason,
}: {
  pieces: readonly object[];
  spaced: boolean;
  extra: object;
  reason: string;
}) {
  let calls = 0;
  const deltas = pieces.flatMap((each): readonly object[] => {
    if (!('call' in each)) return [each];
    const index = calls++;
    const json = String(each.call);
    const begin = { index, id: `c${index}`, type: 'function', function: { name: 'find', arguments: '' } };
    return [
      { tool_calls: [begin] },
      { tool_calls: [{ index, function: { arguments: json.slice(0, 5) } }] },
      { tool_calls: [{ index, function: { arguments: json.slice(5) } }] },
    ];
  });
  const head = { id: 'cmpl-9', object: 'chat.completion.chunk', created: 1, model: 'served', ...extra };
  const chunk = (delta: object, finish: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish, stop_reason: null }],
  });
  const chunks = [
    chunk({ role: 'assistant', content: '' }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, reason),
    { ...head, choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } },
  ];
  const written = chunks.map((each) => JSON.stringify(each).replaceAll('":', spaced ? '": ' : '":'));
  return `${written.map((data) => `data: ${data}\n\n`).join('')}data: [DONE]\n\n`;
}

const whole = (body: string) => [payloadPart(Buffer.from(body))];

describe('a chat of OpenAI’s at a container that speaks it', () => {
  it('says what the written answer would, with what only the target says beside', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        // A space behind a colon inside of a text would be another text.
        fc.pre(!answer.spaced || !JSON.stringify(answer.pieces).includes('\\":'));
        const stream = sse(answer);
        const passed = await tell('chat', whole(stream), { relayed: true });
        const written = await tell('chat', whole(stream), { relayed: false });
        expect(summed(passed.bytes)).toEqual(summed(written.bytes));
        expect(passed.content).toBe(written.content);
        // Byte for byte, but for the model's name.
        expect(passed.bytes.toString('utf8')).toBe(stream.replaceAll(/("model": ?)"served"/g, '$1"chat"'));
      }),
      { numRuns: 100 },
    );
  });

  it('says the same wherever the target’s bytes are cut', async () => {
    const stream = sse({
      pieces: [{ content: 'Flut 🌊' }, { call: '{"id":9007199254740993}' }],
      spaced: false,
      extra: {},
      reason: 'tool_calls',
    });
    const frame = payloadPart(Buffer.from(stream));
    const expected = (await tell('chat', [frame], { relayed: true })).bytes;
    for (let at = 0; at <= frame.length; at += 1) {
      const { bytes } = await tell('chat', [frame.subarray(0, at), frame.subarray(at)], { relayed: true });
      if (!bytes.equals(expected)) throw new Error(`cut at ${at}: ${bytes}`);
    }
    const body = Buffer.from(stream);
    for (let at = 0; at <= body.length; at += 7) {
      const parts = [payloadPart(body.subarray(0, at)), payloadPart(body.subarray(at))];
      expect((await tell('chat', parts, { relayed: true })).bytes.equals(expected)).toBe(true);
    }
  });

  it('ends no answer that broke, wherever it broke', async () => {
    const stream = Buffer.from(
      sse({ pieces: [{ content: 'one ' }, { content: 'two' }], spaced: false, extra: {}, reason: 'stop' }),
    );
    for (let at = 0; at < stream.length - 2; at += 1) {
      const { bytes, failure } = await tell('chat', [payloadPart(stream.subarray(0, at))], { relayed: true });
      const heard = summed(bytes);
      // Only what stands behind [DONE] may be missing.
      if (failure === undefined) expect(at).toBeGreaterThan(stream.indexOf('[DONE]'));
      else expect([heard.stop, heard.done, 'one two'.startsWith(heard.text)]).toEqual(['', 0, true]);
    }
  });

  it('hands on no piece that could not be read, whatever a stream holds', async () => {
    const bend = fc.record({ at: fc.nat(), with: fc.uint8Array({ maxLength: 3 }), drop: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(answers, fc.array(bend, { minLength: 1, maxLength: 3 }), async (answer, bends) => {
        let bytes = Buffer.from(sse(answer));
        for (const { at, with: put, drop } of bends) {
          const place = at % bytes.length;
          bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + drop)]);
        }
        const { bytes: told, failure } = await tell('chat', [payloadPart(bytes)], { relayed: true });
        const lines = told.toString('utf8').split('\n\n').filter(Boolean);
        for (const line of lines) if (line !== 'data: [DONE]') JSON.parse(line.replace(/^data: /, ''));
        expect(lines.includes('data: [DONE]')).toBe(failure === undefined);
        if (failure !== undefined)
          expect(told.toString('utf8')).not.toMatch(/"finish_reason": ?"(stop|length)/);
      }),
      { numRuns: 300 },
    );
  });

  it('shows usage only to those who asked for it', async () => {
    const stream = sse({ pieces: [{ content: 'hi' }], spaced: false, extra: {}, reason: 'stop' });
    const { bytes } = await tell('chat', whole(stream), {
      relayed: true,
      body: { ...chatBody, stream: true },
    });
    expect(bytes.toString('utf8')).not.toContain('usage');
    expect(summed(bytes).done).toBe(1);
  });

  it('sends the body as it came, but for the model, the bound and the stream', async () => {
    const stream = sse({ pieces: [{ content: 'hi' }], spaced: false, extra: {}, reason: 'stop' });
    const body = {
      ...chatBody,
      user: 'u1',
      metadata: { team: 'a' },
      temperature: null,
      max_completion_tokens: 64,
      parallel_tool_calls: true,
      tools: [{ type: 'function', function: { name: 'find', parameters: { type: 'object', 'x-own': [1] } } }],
    };
    const streamed = await tell('chat', whole(stream), { relayed: true, body: { ...body, ...usageAsked } });
    const { max_completion_tokens: _, temperature: __, ...same } = body;
    const differs = {
      model: 'served',
      max_tokens: 64,
      stream: true,
      stream_options: { include_usage: true },
    };
    expect(JSON.parse(streamed.sent)).toEqual({ ...same, ...differs });
    const plain = await tell('chat', whole(stream), { relayed: true, body, stream: false });
    expect(JSON.parse(plain.sent)).toEqual({ ...same, ...differs });
  });

  it('keeps members that only the target has in a whole answer too', async () => {
    const stream = sse({
      pieces: [{ content: 'hi' }],
      spaced: false,
      extra: { system_fingerprint: 'fp', kv: { hit: 1 } },
      reason: 'stop',
    });
    const { whole: answer } = await tell('chat', whole(stream), {
      relayed: true,
      body: chatBody,
      stream: false,
    });
    expect(answer).toMatchObject({
      ...{
        id: 'chatcmpl-r1',
        object: 'chat.completion',
        model: 'chat',
        system_fingerprint: 'fp',
        kv: { hit: 1 },
      },
      choices: [{ message: { content: 'hi' }, finish_reason: 'stop', stop_reason: null }],
    });
  });

  it.each([
    ['a developer message', { messages: [{ role: 'developer', content: 'x' }, ...chatBody.messages] }],
    ['two turns of one role', { messages: [...chatBody.messages, ...chatBody.messages] }],
    ['a list of texts', { messages: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }] }],
  ])('writes a body with %s in the plainest form that means the same', async (_, changes) => {
    const stream = sse({ pieces: [{ content: 'hi' }], spaced: false, extra: {}, reason: 'stop' });
    const body = { ...chatBody, ...usageAsked, user: 'u1', ...changes };
    const passed = await tell('chat', whole(stream), { relayed: true, body });
    const written = await tell('chat', whole(stream), { relayed: false, body });
    expect(passed.sent).toBe(written.sent);
    expect(passed.sent).not.toContain('u1');
  });
});

const frames = [
  eventFrame('messageStart', { role: 'assistant', p: 'abc' }),
  eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Flut 🌊' }, p: 'abcdef' }),
  eventFrame('contentBlockStop', { contentBlockIndex: 0, p: 'ab' }),
  eventFrame('contentBlockStart', {
    contentBlockIndex: 1,
    start: { toolUse: { toolUseId: 't', name: 'find' } },
  }),
  eventFrame('contentBlockDelta', {
    contentBlockIndex: 1,
    delta: { toolUse: { input: '{"id":9007199254740993}' } },
  }),
  eventFrame('contentBlockStop', { contentBlockIndex: 1 }),
  eventFrame('somethingNew', { of: 'AWS' }),
  eventFrame('messageStop', { stopReason: 'tool_use', p: 'a' }),
  eventFrame('metadata', {
    usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 },
    metrics: { latencyMs: 88 },
  }),
];

describe('a Converse stream of Bedrock’s', () => {
  it('reaches a caller of Converse byte for byte, wherever it was cut', async () => {
    const stream = Buffer.concat(frames);
    for (let at = 0; at <= stream.length; at += 1) {
      const { bytes } = await tell('converse', [stream.subarray(0, at), stream.subarray(at)], {
        relayed: true,
      });
      if (!bytes.equals(stream)) throw new Error(`cut at ${at}`);
    }
  });

  it('says what the written one would', async () => {
    const passed = await tell('converse', frames, { relayed: true });
    const written = await tell('converse', frames, { relayed: false });
    const told = (bytes: Buffer) =>
      new EventStreamDecoder().push(bytes).flatMap(({ headers, payload }) => {
        const { p: _, metrics: __, ...members } = JSON.parse(payload.toString('utf8'));
        return headers[':event-type'] === 'somethingNew' ? [] : [[headers[':event-type'], members]];
      });
    expect(told(passed.bytes)).toEqual(told(written.bytes));
    expect(passed.whole).toEqual(written.whole);
  });

  it('ends no answer that broke', async () => {
    for (let kept = 1; kept < frames.length; kept += 1) {
      const { bytes, failure } = await tell('converse', frames.slice(0, kept), { relayed: true });
      expect(failure).toBe('incomplete');
      expect(bytes.equals(Buffer.concat(frames.slice(0, Math.min(kept, 7))))).toBe(true);
    }
  });

  it('sends the body as it came, but for the bound', async () => {
    const body = { ...converseBody, inferenceConfig: { stopSequences: [] }, requestMetadata: { a: 'b' } };
    const { sent } = await tell('converse', frames, { relayed: true, body });
    expect(JSON.parse(sent)).toEqual({ ...body, inferenceConfig: { stopSequences: [], maxTokens: 64 } });
    const cached = { ...converseBody, system: [{ text: 'x' }, { cachePoint: { type: 'default' } }] };
    // Nova keeps prompts; a body that a model would refuse a part of is written anew.
    expect(JSON.parse((await tell('converse', frames, { relayed: true, body: cached })).sent)).toMatchObject(
      cached,
    );
  });
});
