/** The Vercel AI SDK with its OpenAI provider as the judge of both formats, against the whole product. */
import { createOpenAI } from '@ai-sdk/openai';
import {
  generateObject,
  generateText,
  type LanguageModel,
  type ModelMessage,
  stepCountIs,
  streamObject,
  streamText,
} from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { film, readWhole, refusalOf, weather } from './ai-sdk-calls.ts';
import { cutStreams } from './cut-streams.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, lastSeq, modelCallsSince, pdfBase64, pngBase64 } from './model-calls.ts';

const question = 'Describe the tide in two sentences, please.';

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

const provider = (region = 'us-east-1', residency = 'us', apiKey = 'sk-local') =>
  createOpenAI({
    baseURL: `${spillway.gatewayUrl(region)}/v1`,
    apiKey,
    headers: { 'x-spillway-residency': residency },
  });

describe.each([
  ['chat', (by: ReturnType<typeof provider>, name: string): LanguageModel => by.chat(name)],
  ['responses', (by: ReturnType<typeof provider>, name: string): LanguageModel => by.responses(name)],
])('openai.%s()', (_, modelOf) => {
  const model = () => modelOf(provider(), 'chat-large');
  const maxRetries = 0;

  it('generates text, and streams the same', async () => {
    const plain = await generateText({ model: model(), prompt: question, system: 'Be brief.', maxRetries });
    expect(plain.text).toContain('tide');
    expect(plain.finishReason).toBe('stop');
    expect(plain.warnings ?? []).toEqual([]);
    const stream = streamText({ model: model(), prompt: question, system: 'Be brief.', maxRetries });
    const parts: string[] = [];
    for await (const part of stream.textStream) parts.push(part);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('')).toBe(plain.text);
    expect((await stream.usage).totalTokens).toBe(plain.usage.totalTokens);
    expect(await stream.finishReason).toBe('stop');
  });

  it.each([false, true])('runs a tool over several steps (stream: %s)', async (stream) => {
    const request = {
      model: model(),
      prompt: 'The weather in Oslo?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries,
    };
    const { steps, text } = stream ? await readWhole(streamText(request)) : await generateText(request);
    expect(steps).toHaveLength(2);
    expect(steps[0]?.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: expect.any(String) } }]);
    expect(text).toContain('The tool weather returned: 12 degrees and rain.');
  });

  it('calls the tool that is forced', async () => {
    const { toolCalls } = await generateText({
      model: model(),
      prompt: question,
      tools: { weather },
      toolChoice: { type: 'tool', toolName: 'weather' },
      maxRetries,
    });
    expect(toolCalls).toMatchObject([{ toolName: 'weather' }]);
  });

  it('generates and streams objects', async () => {
    const request = { model: model(), schema: film, prompt: 'A film, please.', maxRetries };
    const { object } = await generateObject(request);
    expect(film.safeParse(object).success).toBe(true);
    const stream = streamObject(request);
    let last: unknown;
    for await (const partial of stream.partialObjectStream) last = partial;
    expect(last).toEqual(object);
    expect(await stream.object).toEqual(object);
  });

  it('carries images and documents', async () => {
    const { text } = await generateText({
      model: model(),
      maxRetries,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', image: pngBase64, mediaType: 'image/png' },
            { type: 'file', data: pdfBase64, mediaType: 'application/pdf', filename: 'tides.pdf' },
          ],
        },
      ],
    });
    expect(text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('goes on with a conversation', async () => {
    const messages: ModelMessage[] = [{ role: 'user', content: question }];
    // By default the provider takes for granted that responses are kept, and sends ids in place of texts.
    const providerOptions = { openai: { store: false } };
    const first = await generateText({ model: model(), messages, providerOptions, maxRetries });
    messages.push(...first.response.messages, { role: 'user', content: 'Again, about ebb.' });
    const second = await generateText({ model: model(), messages, providerOptions, maxRetries });
    expect(second.text).toContain('Earlier you wrote: “Describe the tide');
  });

  it('has the errors of its own kind, with their codes', async () => {
    const ask = (by: ReturnType<typeof provider>, name = 'chat-large') =>
      generateText({ model: modelOf(by, name), prompt: question, maxRetries });
    expect(await refusalOf(ask(provider('us-east-1', 'us', 'sk-wrong')))).toEqual([401, 'invalid_api_key']);
    expect(await refusalOf(ask(provider(), 'none'))).toEqual([404, 'model_not_found']);
    expect(await refusalOf(ask(provider('eu-central-1', 'frankfurt')))).toEqual([403, 'no_lawful_target']);
    await spillway.control('PUT', 'faults', [
      { service: 'bedrock-runtime', kind: 'throttle', retryAfterSeconds: 1 },
    ]);
    expect(await refusalOf(ask(provider('ap-northeast-1', 'japan')))).toEqual([429, 'capacity_exhausted']);
  });

  it('takes the call to the model along when it leaves', async () => {
    const request = { model: model(), prompt: question, maxRetries };
    const { calls } = await leaveDuringCall(spillway, (signal) =>
      generateText({ ...request, abortSignal: signal }),
    );
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it('is told of a stream that breaks, and nobody answers twice', async () => {
    await cutStreams(spillway);
    const from = await lastSeq(spillway);
    const errors: unknown[] = [];
    const stream = streamText({
      model: model(),
      prompt: question,
      maxRetries,
      onError: ({ error }) => void errors.push(error),
    });
    const types: string[] = [];
    for await (const part of stream.fullStream) types.push(part.type);
    expect(JSON.stringify(errors[0])).toContain('stream_interrupted');
    expect(types).toContain('error');
    expect(await stream.finishReason).not.toBe('stop');
    expect(await modelCallsSince(spillway, from)).toHaveLength(1);
  });
});

it('a turn that is given as an id alone is refused with what would be right', async () => {
  const model = provider().responses('chat-large');
  const messages: ModelMessage[] = [{ role: 'user', content: question }];
  const first = await generateText({ model, messages, maxRetries: 0 });
  messages.push(...first.response.messages, { role: 'user', content: 'Again.' });
  const error = await failure(generateText({ model, messages, maxRetries: 0 }));
  expect(String(error)).toMatch(/input\[1\]: is not supported: .*send store: false$/);
});
