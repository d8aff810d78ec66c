/** The AI SDK's Bedrock provider as the judge of Converse, against the whole product. */
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { APICallError, generateObject, generateText, type ModelMessage, stepCountIs, streamText } from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { film, weather } from './ai-sdk-calls.ts';
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

describe('the AI SDK', () => {
  const modelBy = (residency = 'us', apiKey = 'sk-local', region = 'us-east-1') =>
    createAmazonBedrock({
      region,
      apiKey,
      baseURL: spillway.gatewayUrl(region),
      headers: { 'x-spillway-residency': residency },
    });

  it('gets a text, and the same in a stream, with its usage', async () => {
    const model = modelBy()('chat-large');
    const whole = await generateText({ model, prompt: question, maxRetries: 0 });
    expect(whole.text).toContain('tide');
    expect(whole.finishReason).toBe('stop');
    const stream = streamText({ model, prompt: question, maxRetries: 0 });
    const deltas: string[] = [];
    for await (const delta of stream.textStream) deltas.push(delta);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(whole.text);
    expect((await stream.usage).outputTokens).toBe(whole.usage.outputTokens);
  });

  it('runs tools until the answer', async () => {
    const { text, steps } = await generateText({
      model: modelBy()('chat-large'),
      prompt: 'The weather in Oslo?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    expect(steps).toHaveLength(2);
    expect(text).toContain('12 degrees and rain');
  });

  it('gets an object, and carries images and documents', async () => {
    const model = modelBy()('chat-large');
    const { object } = await generateObject({
      model,
      schema: film,
      prompt: 'A film, please.',
      maxRetries: 0,
    });
    expect(film.safeParse(object).success).toBe(true);
    const { text } = await generateText({
      model,
      maxRetries: 0,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', image: Buffer.from(pngBase64, 'base64'), mediaType: 'image/png' },
            { type: 'file', data: pdfBase64, mediaType: 'application/pdf', filename: 'tides' },
          ],
        },
      ],
    });
    expect(text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('shows thoughts and gives them back', async () => {
    // Its own `reasoningConfig` looks for "anthropic" in the model's name, which a logical model's need not have.
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const providerOptions = { bedrock: { additionalModelRequestFields: { thinking } } };
    const messages: ModelMessage[] = [{ role: 'user', content: question }];
    const ask = () =>
      generateText({
        model: modelBy()('chat-large'),
        messages,
        providerOptions,
        maxOutputTokens: 4096,
        maxRetries: 0,
      });
    const first = await ask();
    expect(first.reasoningText ?? '').not.toBe('');
    messages.push(...first.response.messages, { role: 'user', content: question });
    expect((await ask()).text).toContain('tide');
  });

  it('takes the call to the model along when it leaves', async () => {
    const { calls } = await leaveDuringCall(spillway, (signal) =>
      generateText({
        model: modelBy()('chat-large'),
        prompt: question,
        abortSignal: signal,
        maxRetries: 0,
      }),
    );
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it.each([
    ['401', () => modelBy('us', 'sk-wrong')('chat-large'), 401, 'invalid_api_key'],
    ['403', () => modelBy('frankfurt', 'sk-local', 'eu-central-1')('chat-large'), 403, 'no_lawful_target'],
    ['404', () => modelBy()('none'), 404, 'model_not_found'],
  ])('has %s as its own error with our code in the body', async (_, model, statusCode, code) => {
    const error = await failure(generateText({ model: model(), prompt: question, maxRetries: 0 }));
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode, responseBody: expect.stringContaining(`"${code}"`) });
  });

  it('is told of a cut stream, and nobody answers twice', async () => {
    await cutStreams(spillway);
    const from = await lastSeq(spillway);
    const errors: unknown[] = [];
    const stream = streamText({
      model: modelBy()('chat-large'),
      prompt: question,
      maxRetries: 0,
      onError: ({ error }) => {
        errors.push(error);
      },
    });
    const parts: string[] = [];
    for await (const part of stream.fullStream) parts.push(part.type);
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).toContain('stream_interrupted');
    expect(await modelCallsSince(spillway, from)).toHaveLength(1);
  });
});
