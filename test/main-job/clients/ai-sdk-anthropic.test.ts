/** The Vercel AI SDK with its Anthropic provider as the judge of the Messages format, against the whole product. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateObject, generateText, type ModelMessage, stepCountIs, streamObject, streamText } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { film, readWhole, refusalOf, weather } from './ai-sdk-calls.ts';
import { cutStreams } from './cut-streams.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, lastSeq, modelCallsSince, pdfBase64, pngBase64 } from './model-calls.ts';

// It warns of every logical model that it has never heard of.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const maxRetries = 0;
const question = 'Describe the tide in two sentences, please.';
const thinking = { anthropic: { thinking: { type: 'enabled' as const, budgetTokens: 1024 } } };

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

const provider = (region = 'us-east-1', residency = 'us', apiKey = 'sk-local') =>
  createAnthropic({
    baseURL: `${spillway.gatewayUrl(region)}/v1`,
    apiKey,
    headers: { 'x-spillway-residency': residency },
  });
const model = (name = 'chat-large') => provider()(name);

describe('the provider of Anthropic', () => {
  it('generates text, and streams the same with the same usage', async () => {
    const plain = await generateText({ model: model(), prompt: question, system: 'Be brief.', maxRetries });
    expect(plain.text).toContain('tide');
    expect(plain.finishReason).toBe('stop');
    const stream = streamText({ model: model(), prompt: question, system: 'Be brief.', maxRetries });
    const parts: string[] = [];
    for await (const part of stream.textStream) parts.push(part);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('')).toBe(plain.text);
    const usage = await stream.usage;
    expect([usage.inputTokens, usage.outputTokens]).toEqual([
      plain.usage.inputTokens,
      plain.usage.outputTokens,
    ]);
    expect(await stream.finishReason).toBe('stop');
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('runs a tool over several steps (stream: %s, thinking: %s)', async (stream, thinks) => {
    const request = {
      model: model(),
      prompt: 'The weather in Oslo?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries,
      ...(thinks ? { providerOptions: thinking } : {}),
    };
    const { steps, text } = stream ? await readWhole(streamText(request)) : await generateText(request);
    expect(steps).toHaveLength(2);
    expect(steps[0]?.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: expect.any(String) } }]);
    expect(steps[0]?.reasoningText ?? '').toContain(thinks ? 'Oslo' : '');
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

  it.each(['jsonTool', 'outputFormat'] as const)('generates and streams objects by %s', async (mode) => {
    const providerOptions = { anthropic: { structuredOutputMode: mode } };
    const request = { model: model(), schema: film, prompt: 'A film, please.', maxRetries, providerOptions };
    const { object } = await generateObject(request);
    expect(film.safeParse(object).success).toBe(true);
    const stream = streamObject(request);
    let last: unknown;
    for await (const partial of stream.partialObjectStream) last = partial;
    expect(last).toEqual(object);
    expect(await stream.object).toEqual(object);
  });

  it('marks what may be cached, and carries images and documents', async () => {
    const cached = { anthropic: { cacheControl: { type: 'ephemeral' as const } } };
    const { text } = await generateText({
      model: model(),
      maxRetries,
      messages: [
        { role: 'system', content: 'Be brief.', providerOptions: cached },
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
    const first = await generateText({ model: model(), messages, providerOptions: thinking, maxRetries });
    messages.push(...first.response.messages, { role: 'user', content: 'Again, about ebb.' });
    const second = await generateText({ model: model(), messages, providerOptions: thinking, maxRetries });
    expect(second.text).toContain('Earlier you wrote: “Describe the tide');
  });

  it('has the errors of its own kind, with their codes', async () => {
    const ask = (by: ReturnType<typeof provider>, name = 'chat-large') =>
      generateText({ model: by(name), prompt: question, maxRetries });
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
