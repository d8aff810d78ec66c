/** LangChain's ChatBedrockConverse as the judge of Converse, against the whole product. */
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { ChatBedrockConverse } from '@langchain/aws';
import { type AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool as langChainTool } from '@langchain/core/tools';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { cutStreams } from './cut-streams.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { exampleConfig, pdfBase64, pngBase64 } from './model-calls.ts';

const question = 'Describe the tide in two sentences, please.';
const city = z.object({ city: z.string() });
let spillway: SpillwayProcess;

beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

/** Its own type says that there is none. */
const outputTokensOf = (message: unknown): number =>
  (message as { readonly usage_metadata?: { readonly output_tokens: number } }).usage_metadata
    ?.output_tokens ?? 0;

describe('LangChain', () => {
  const chat = (model = 'chat-large', apiKey = 'sk-local', thinks = false) => {
    const client = new BedrockRuntimeClient({
      endpoint: spillway.gatewayUrl('us-east-1'),
      region: 'us-east-1',
      token: { token: apiKey },
      authSchemePreference: ['httpBearerAuth'],
      maxAttempts: 1,
    });
    const thinking = { thinking: { type: 'enabled', budget_tokens: 1024 } };
    return new ChatBedrockConverse({
      model,
      region: 'us-east-1',
      client,
      maxRetries: 0,
      maxTokens: 4096,
      // It guesses from names of Bedrock's models what may be forced: a logical model's name tells it nothing.
      supportsToolChoiceValues: ['auto', 'any', 'tool'],
      ...(thinks ? { additionalModelRequestFields: thinking } : {}),
    });
  };

  it('gets a text, and the same in a stream, with its usage', async () => {
    const whole: AIMessageChunk = await chat().invoke(question);
    expect(whole.text).toContain('tide');
    let text = '';
    let outputTokens = 0;
    const stream: AsyncIterable<AIMessageChunk> = await chat().stream(question);
    for await (const chunk of stream) {
      text += chunk.text;
      outputTokens += outputTokensOf(chunk);
    }
    expect(text).toBe(whole.text);
    expect(outputTokens).toBeGreaterThan(0);
    expect(outputTokens).toBe(outputTokensOf(whole));
  });

  it('goes through a tool loop', async () => {
    const weather = langChainTool(async () => '12 degrees and rain', {
      name: 'weather',
      description: 'The weather of a city.',
      schema: city,
    });
    const model = chat().bindTools([weather]);
    const asked = new HumanMessage('The weather in Oslo?');
    const called = await model.invoke([asked]);
    const [call] = called.tool_calls ?? [];
    expect(typeof call?.args.city).toBe('string');
    const result = new ToolMessage({ content: '12 degrees and rain', tool_call_id: call?.id ?? '' });
    const answer = await model.invoke([asked, called, result]);
    expect(answer.text).toContain('12 degrees and rain');
  });

  it('gives structured output', async () => {
    const film = z.object({ title: z.string(), year: z.int() });
    const answer = await chat().withStructuredOutput(film).invoke('A film, please.');
    expect(film.safeParse(answer).success).toBe(true);
  });

  it('carries images and documents', async () => {
    const bytes = (base64: string) => ({ bytes: Buffer.from(base64, 'base64') });
    const message = new HumanMessage({
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', image: { format: 'png', source: bytes(pngBase64) } },
        { type: 'document', document: { format: 'pdf', name: 'tides', source: bytes(pdfBase64) } },
      ],
    });
    const { text } = await chat().invoke([message]);
    expect(text).toMatch(/one image of \d+ bytes.*one document of \d+ bytes/);
  });

  it('shows thoughts and gives them back', async () => {
    const asked = new HumanMessage(question);
    const first = await chat('chat-large', 'sk-local', true).invoke([asked]);
    expect(JSON.stringify(first.content)).toMatch(/"type":"reasoning","reasoning":".+","signature":".+"/);
    const again = await chat('chat-large', 'sk-local', true).invoke([asked, first, asked]);
    expect(again.text).toContain('tide');
  });

  it('takes the call to the model along when it leaves', async () => {
    const { calls } = await leaveDuringCall(spillway, (signal) => chat().invoke(question, { signal }));
    expect(calls).toMatchObject([{ aborted: true }]);
  });

  it("gets AWS's typed errors, of refusals and of a cut stream", async () => {
    expect(await failure(chat('none').invoke(question))).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await failure(chat('chat-large', 'sk-wrong').invoke(question))).toMatchObject({
      name: 'AccessDeniedException',
      code: 'invalid_api_key',
    });
    await cutStreams(spillway);
    const read = async () => {
      for await (const _ of await chat().stream(question));
    };
    expect(await failure(read())).toMatchObject({ name: 'ModelStreamErrorException' });
  });
});
