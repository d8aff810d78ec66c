/** LangChain's ChatAnthropic as the judge of the Messages format, against the whole product. */
import { ChatAnthropic } from '@langchain/anthropic';
import { type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { cutStreams } from './cut-streams.ts';
import { failure } from './failure.ts';
import { chunksOf, joined, weather } from './langchain-messages.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, lastSeq, modelCallsSince, pdfBase64, pngBase64 } from './model-calls.ts';

const question = 'Describe the tide in two sentences, please.';
const film = z.object({ title: z.string(), year: z.int() });

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

/** The types of the messages lose it. */
const usageOf = (message: object) =>
  (message as { readonly usage_metadata?: { readonly input_tokens: number; readonly output_tokens: number } })
    .usage_metadata;

const modelBy = (
  changes: {
    readonly name?: string;
    readonly apiKey?: string;
    readonly region?: string;
    readonly residency?: string;
    readonly thinks?: boolean;
  } = {},
) =>
  new ChatAnthropic({
    model: changes.name ?? 'chat-large',
    apiKey: changes.apiKey ?? 'sk-local',
    anthropicApiUrl: spillway.gatewayUrl(changes.region ?? 'us-east-1'),
    maxTokens: 2048,
    maxRetries: 0,
    ...(changes.thinks === true ? { thinking: { type: 'enabled', budget_tokens: 1024 } } : {}),
    clientOptions: { maxRetries: 0, defaultHeaders: { 'x-spillway-residency': changes.residency ?? 'us' } },
  });

describe('ChatAnthropic', () => {
  it('answers, and streams the same with the same usage', async () => {
    const plain = await modelBy().invoke(question);
    expect(plain.text).toContain('tide');
    const chunks = await chunksOf(modelBy().stream(question));
    expect(chunks.length).toBeGreaterThan(1);
    const whole = joined(chunks);
    expect(whole.text).toBe(plain.text);
    // It takes the input from the start of a stream, where no target has told it yet.
    expect(usageOf(whole)?.output_tokens).toBe(usageOf(plain)?.output_tokens);
    expect(usageOf(plain)?.input_tokens).toBeGreaterThan(0);
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('goes through a tool loop (stream: %s, thinking: %s)', async (stream, thinks) => {
    const model = modelBy({ thinks }).bindTools([weather]);
    const messages: BaseMessage[] = [new HumanMessage('The weather in Oslo?')];
    const ask = async () =>
      stream ? joined(await chunksOf(model.stream(messages))) : model.invoke(messages);
    const first = await ask();
    const call = first.tool_calls?.[0];
    expect(call).toMatchObject({ name: 'weather', args: { city: expect.any(String) } });
    const result = new ToolMessage({
      tool_call_id: call?.id ?? '',
      content: await weather.invoke({ city: 'Oslo' }),
    });
    messages.push(first, result);
    expect((await ask()).text).toContain('The tool weather returned: 12 degrees and rain.');
  });

  it('calls the tool that is forced', async () => {
    const answer = await modelBy().bindTools([weather], { tool_choice: 'weather' }).invoke(question);
    expect(answer.tool_calls).toMatchObject([{ name: 'weather' }]);
  });

  it.each(['jsonSchema', 'functionCalling'] as const)('gives structured output by %s', async (method) => {
    const answer = await modelBy().withStructuredOutput(film, { method }).invoke('A film, please.');
    expect(film.safeParse(answer).success).toBe(true);
  });

  it('carries images and documents', async () => {
    const message = new HumanMessage({
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${pngBase64}` } },
        {
          type: 'document',
          title: 'Tides',
          source: { type: 'base64', media_type: 'application/pdf', data: pdfBase64 },
          cache_control: { type: 'ephemeral' },
        },
      ],
    });
    const { text } = await modelBy().invoke([message]);
    expect(text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('has the errors of the client under it', async () => {
    const ask = (changes: Parameters<typeof modelBy>[0]) => failure(modelBy(changes).invoke(question));
    expect(await ask({ apiKey: 'sk-wrong' })).toMatchObject({
      status: 401,
      error: { error: { code: 'invalid_api_key' } },
    });
    expect(await ask({ name: 'none' })).toMatchObject({
      status: 404,
      error: { error: { code: 'model_not_found' } },
    });
    expect(await ask({ region: 'eu-central-1', residency: 'frankfurt' })).toMatchObject({
      status: 403,
      error: { error: { code: 'no_lawful_target' } },
    });
  });

  it('takes the call to the model along when it leaves', async () => {
    const { calls } = await leaveDuringCall(spillway, (signal) => modelBy().invoke(question, { signal }));
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it('throws where a stream breaks, and nobody answers twice', async () => {
    await cutStreams(spillway);
    const from = await lastSeq(spillway);
    expect(await failure(chunksOf(modelBy().stream(question)))).toMatchObject({
      error: { error: { code: 'stream_interrupted' } },
    });
    expect(await modelCallsSince(spillway, from)).toHaveLength(1);
  });
});
