/** LangChain's ChatOpenAI as the judge of both formats, against the whole product. */
import { type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
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
const totalTokens = (message: object): number | undefined =>
  (message as { readonly usage_metadata?: { readonly total_tokens: number } }).usage_metadata?.total_tokens;

describe.each([
  ['chat completions', false],
  ['responses', true],
])('ChatOpenAI over %s', (_, useResponsesApi) => {
  const modelBy = (
    changes: {
      name?: string;
      apiKey?: string;
      region?: string;
      residency?: string;
      outputVersion?: 'v0' | 'v1';
    } = {},
  ) =>
    new ChatOpenAI({
      model: changes.name ?? 'chat-large',
      apiKey: changes.apiKey ?? 'sk-local',
      maxRetries: 0,
      useResponsesApi,
      outputVersion: changes.outputVersion ?? 'v0',
      configuration: {
        baseURL: `${spillway.gatewayUrl(changes.region ?? 'us-east-1')}/v1`,
        defaultHeaders: { 'x-spillway-residency': changes.residency ?? 'us' },
      },
    });

  it('answers, and streams the same with the same usage', async () => {
    const plain = await modelBy().invoke(question);
    expect(plain.text).toContain('tide');
    const chunks = await chunksOf(modelBy().stream(question));
    expect(chunks.length).toBeGreaterThan(1);
    const whole = joined(chunks);
    expect(whole.text).toBe(plain.text);
    expect(totalTokens(whole)).toBe(totalTokens(plain));
  });

  it.each([
    [false, 'v0'],
    [true, 'v0'],
    [false, 'v1'],
    [true, 'v1'],
  ] as const)('goes through a tool loop (stream: %s, messages as of %s)', async (stream, outputVersion) => {
    const model = modelBy({ outputVersion }).bindTools([weather]);
    const messages: BaseMessage[] = [new HumanMessage('The weather in Oslo?')];
    const ask = async () =>
      stream ? joined(await chunksOf(model.stream(messages))) : model.invoke(messages);
    const first = await ask();
    const call = first.tool_calls?.[0];
    expect(call).toMatchObject({ name: 'weather', args: { city: expect.any(String) } });
    if (call === undefined) throw new Error('no call');
    // Given a call and not its arguments alone, a tool answers with the message that goes back.
    const result: unknown = await weather.invoke({ ...call, type: 'tool_call' });
    if (!ToolMessage.isInstance(result)) throw new Error('no message of a tool');
    messages.push(first, result);
    const said = await ask();
    expect(said.text).toContain('The tool weather returned: 12 degrees and rain.');
    messages.push(said, new HumanMessage('And about the tide?'));
    expect((await ask()).text).toContain('tide');
  });

  it('calls the tool that is forced', async () => {
    const answer = await modelBy().bindTools([weather], { tool_choice: 'weather' }).invoke(question);
    expect(answer.tool_calls).toMatchObject([{ name: 'weather' }]);
  });

  it.each(['jsonSchema', 'functionCalling'] as const)('gives structured output by %s', async (method) => {
    const answer = await modelBy().withStructuredOutput(film, { method }).invoke('A film, please.');
    expect(film.safeParse(answer).success).toBe(true);
  });

  it('gives JSON without a schema', async () => {
    const model = modelBy().withStructuredOutput(z.looseObject({}), { method: 'jsonMode' });
    expect(await model.invoke('A film as JSON, please.')).toBeTypeOf('object');
  });

  it('carries images and documents', async () => {
    const message = new HumanMessage({
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${pngBase64}` } },
        {
          type: 'file',
          source_type: 'base64',
          mime_type: 'application/pdf',
          data: pdfBase64,
          metadata: { filename: 'tides.pdf' },
        },
      ],
    });
    const { text } = await modelBy().invoke([message]);
    expect(text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('has the errors of the client under it', async () => {
    const ask = (changes: Parameters<typeof modelBy>[0]) => failure(modelBy(changes).invoke(question));
    expect(await ask({ apiKey: 'sk-wrong' })).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(await ask({ name: 'none' })).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await ask({ region: 'eu-central-1', residency: 'frankfurt' })).toMatchObject({
      status: 403,
      code: 'no_lawful_target',
    });
  });

  it('takes the call to the model along when it leaves', async () => {
    const { calls } = await leaveDuringCall(spillway, (signal) => modelBy().invoke(question, { signal }));
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it('throws where a stream breaks, and nobody answers twice', async () => {
    await cutStreams(spillway);
    const from = await lastSeq(spillway);
    expect(await failure(chunksOf(modelBy().stream(question)))).toMatchObject({ code: 'stream_interrupted' });
    expect(await modelCallsSince(spillway, from)).toHaveLength(1);
  });
});
