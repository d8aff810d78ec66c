/** What a thinking model says, through the official clients and back: thoughts keep their proof, calls their place. */
import { createOpenAI } from '@ai-sdk/openai';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, type ModelMessage, streamText } from 'ai';
import OpenAI from 'openai';
import type { ResponseInput } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#core/chat/chat-request.ts';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { openAiChat } from '#usecases/gateway/dialects/openai-chat.ts';
import { openAiResponses } from '#usecases/gateway/dialects/openai-responses.ts';
import { chunksOf, joined } from './langchain-messages.ts';

const identity = { requestId: 'r1', model: 'chat-large', createdSeconds: 7, elapsedMs: () => 5 };
const events: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'reasoning-delta', index: 0, text: 'Where ' },
  { type: 'reasoning-delta', index: 0, text: 'is Oslo?' },
  { type: 'reasoning-signature', index: 0, signature: 'c2lnbmF0dXJl' },
  { type: 'block-stop', index: 0 },
  { type: 'reasoning-redacted', index: 1, dataBase64: 'AAAA' },
  { type: 'block-stop', index: 1 },
  { type: 'text-delta', index: 2, text: 'I look.' },
  { type: 'block-stop', index: 2 },
  { type: 'tool-use-start', index: 3, toolUseId: 'call_a', name: 'weather' },
  { type: 'tool-use-delta', index: 3, inputJson: '{"city":' },
  { type: 'tool-use-delta', index: 3, inputJson: '"Oslo"}' },
  { type: 'block-stop', index: 3 },
  { type: 'tool-use-start', index: 4, toolUseId: 'call_b', name: 'now' },
  { type: 'block-stop', index: 4 },
  { type: 'message-stop', stopReason: 'tool_use' },
  { type: 'usage', usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 2 } },
];
/** As the canonical conversation has it when it comes back. */
const thoughts = [
  { reasoning: { text: 'Where is Oslo?', signature: 'c2lnbmF0dXJl' } },
  { reasoning: { redactedBase64: 'AAAA' } },
];
const said = [
  { text: 'I look.' },
  { toolUse: { toolUseId: 'call_a', name: 'weather', input: { city: 'Oslo' } } },
  { toolUse: { toolUseId: 'call_b', name: 'now', input: {} } },
];

/** Answers as the dialect does, without a gateway around it, and keeps what it read. */
function standIn(dialect = openAiResponses) {
  const read: (readonly ChatMessage[])[] = [];
  const fetch = async (_: unknown, init?: { readonly body?: unknown }): Promise<Response> => {
    const call = dialect.read(JSON.parse(String(init?.body)), {}, new Headers());
    if (!call.ok) throw new Error(JSON.stringify(call.violations));
    if (call.work.kind !== 'chat') throw new Error('no chat');
    const { request, stream, writer } = call.work;
    read.push(request.messages);
    if (!stream) return Response.json(writer.whole(identity, events.reduce(foldEvent, emptyAnswer)).body);
    const frames = writer.stream(identity);
    const bytes = Buffer.concat([...events.map((event) => frames.step(event)), frames.end()]);
    return new Response(bytes, { headers: { 'content-type': frames.contentType } });
  };
  return { fetch: fetch as typeof globalThis.fetch, read };
}

const question = 'The weather in Oslo, and the time?';
const results = ['call_a', 'call_b'];

describe.each([false, true])('thoughts and calls (stream: %s)', (stream) => {
  it('come back whole through the official client', async () => {
    const { fetch, read } = standIn();
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.example/v1', fetch, maxRetries: 0 });
    const input: ResponseInput = [{ role: 'user', content: question }];
    const ask = async () =>
      stream
        ? client.responses.stream({ model: 'chat-large', input }).finalResponse()
        : client.responses.create({ model: 'chat-large', input });
    const { output, usage } = await ask();
    expect(output.map(({ type }) => type)).toEqual([
      'reasoning',
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ]);
    expect(usage).toMatchObject({
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 2 },
      output_tokens: 4,
    });
    input.push(...(output as ResponseInput));
    input.push(
      ...results.map((call_id) => ({ type: 'function_call_output' as const, call_id, output: 'x' })),
    );
    await ask();
    expect(read[1]?.[1]).toEqual({ role: 'assistant', content: [...thoughts, ...said] });
  });

  it('are shown in chat completions, where the format has no place for their proof', async () => {
    const { fetch, read } = standIn(openAiChat);
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.example/v1', fetch, maxRetries: 0 });
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: question }];
    const body = { model: 'chat-large', messages };
    let shown = '';
    const ask = async () => {
      if (!stream) return client.chat.completions.create(body);
      // The client's own sum of a stream keeps the last piece alone of members that it does not know.
      const runner = client.chat.completions.stream(body);
      runner.on('chunk', ({ choices: [choice] }) => {
        shown +=
          (choice?.delta as { readonly reasoning_content?: string } | undefined)?.reasoning_content ?? '';
      });
      return runner.finalChatCompletion();
    };
    const message = (await ask()).choices[0]?.message;
    if (message === undefined) throw new Error('no message');
    if (!stream) shown = (message as { readonly reasoning_content?: string }).reasoning_content ?? '';
    expect([shown, message.content]).toEqual(['Where is Oslo?', 'I look.']);
    messages.push(
      message,
      ...results.map((tool_call_id) => ({ role: 'tool' as const, tool_call_id, content: 'x' })),
    );
    await client.chat.completions.create(body);
    expect(read[1]?.[1]).toEqual({ role: 'assistant', content: said });
  });

  it('come back whole through the AI SDK', async () => {
    const { fetch, read } = standIn();
    const model = createOpenAI({ apiKey: 'k', baseURL: 'http://gateway.example/v1', fetch }).responses(
      'chat-large',
    );
    const messages: ModelMessage[] = [{ role: 'user', content: question }];
    const request = () => ({ model, messages, maxRetries: 0, providerOptions: { openai: { store: false } } });
    const first = stream ? streamText(request()) : await generateText(request());
    expect(await first.reasoningText).toBe('Where is Oslo?');
    expect(await first.toolCalls).toMatchObject([
      { toolName: 'weather', input: { city: 'Oslo' } },
      { toolName: 'now', input: {} },
    ]);
    messages.push(...(await first.response).messages);
    messages.push({
      role: 'tool',
      content: results.map((toolCallId) => ({
        type: 'tool-result',
        toolCallId,
        toolName: 'weather',
        output: { type: 'text', value: 'x' },
      })),
    });
    await generateText(request());
    expect(read[1]?.[1]).toEqual({ role: 'assistant', content: [...thoughts, ...said] });
  });

  it('are shown to LangChain in chat completions', async () => {
    const { fetch } = standIn(openAiChat);
    const model = new ChatOpenAI({
      model: 'chat-large',
      apiKey: 'k',
      maxRetries: 0,
      configuration: { baseURL: 'http://gateway.example/v1', fetch },
    });
    const asked = [new HumanMessage(question)];
    const whole = stream ? joined(await chunksOf(model.stream(asked))) : await model.invoke(asked);
    expect([whole.additional_kwargs.reasoning_content, whole.text]).toEqual(['Where is Oslo?', 'I look.']);
  });

  it('come through LangChain', async () => {
    const { fetch } = standIn();
    const model = new ChatOpenAI({
      model: 'chat-large',
      apiKey: 'k',
      maxRetries: 0,
      useResponsesApi: true,
      configuration: { baseURL: 'http://gateway.example/v1', fetch },
    });
    const asked = [new HumanMessage(question)];
    const whole = stream ? joined(await chunksOf(model.stream(asked))) : await model.invoke(asked);
    expect(whole.text).toBe('I look.');
    expect(whole.tool_calls).toMatchObject([
      { name: 'weather', args: { city: 'Oslo' } },
      { name: 'now', args: {} },
    ]);
  });
});
