/** JSON that satisfies a schema, asked for by every official client, of models that make it in different ways. */

import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { betaZodOutputFormat } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import { generateObject, generateText, Output, streamObject } from 'ai';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { chat, type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { film, weather } from './ai-sdk-calls.ts';
import { lastSeq, modelCallsSince } from './model-calls.ts';

const regions = ['us-east-1', 'us-east-2'];
const [opus, nova, sonnet, mistral] = [
  'anthropic.claude-opus-4-6-v1',
  'amazon.nova-pro-v1:0',
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'mistral.mistral-large-2402-v1:0',
] as const;
/** Structured outputs cannot say how long a text is. */
const named = z.object({ title: z.string().min(1), year: z.int() });
const prompt = 'A film, please.';
const maxRetries = 0;

let spillway: SpillwayProcess;
let url = '';
beforeAll(async () => {
  spillway = await startSpillway({
    parameters: ['--discover-every', '3600'],
    config: {
      name: 'structured',
      home: { account: '111111111111', region: 'us-east-1' },
      accounts: [{ id: '111111111111', name: 'one', regions }],
      gateways: ['us-east-1'],
      residencies: { anywhere: { jurisdictions: 'any' } },
      models: {
        native: { candidates: [opus] },
        tool: { candidates: [nova] },
        both: { candidates: [sonnet] },
        any: { candidates: [mistral] },
        none: { candidates: ['anthropic.claude-opus-5-5'] },
      },
      tenants: {
        demo: { keys: ['sk-local'], residencies: ['anywhere'], defaultResidency: 'anywhere', models: ['*'] },
      },
    },
  });
  url = spillway.gatewayUrl('us-east-1');
  // As the newest models of Anthropic's do: this one takes structured outputs, and no forced tool.
  await refuse(opus, 'tool-choice');
});
afterAll(() => spillway?.close());

const refuse = (modelId: string, ...refuses: readonly string[]) =>
  spillway.control(
    'PATCH',
    'catalogue',
    regions.map((region) => ({ region, modelId, refuses })),
  );

/** What the calls to models were, one word each: a way that had to be left would be one more. */
async function callsOf(ask: () => Promise<void>): Promise<readonly string[]> {
  const from = await lastSeq(spillway);
  await ask();
  return (await modelCallsSince(spillway, from)).map(({ operation, status }) => `${operation} ${status}`);
}

const openai = () => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-local', maxRetries });
const anthropic = () => new Anthropic({ baseURL: url, apiKey: 'sk-local', maxRetries });
const bedrock = () =>
  new BedrockRuntimeClient({
    endpoint: url,
    region: 'us-east-1',
    token: { token: 'sk-local' },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
  });
const converseInput = (modelId: string, schema: z.ZodType): ConverseCommandInput => ({
  modelId,
  messages: [{ role: 'user', content: [{ text: prompt }] }],
  outputConfig: {
    textFormat: {
      type: 'json_schema',
      structure: { jsonSchema: { schema: JSON.stringify(z.toJSONSchema(schema)), name: 'film' } },
    },
  },
});

function expectFilm(value: unknown): void {
  expect(film.safeParse(value).success).toBe(true);
}

describe.each(['native', 'tool'])('JSON of a model that makes it by its %s way', (model) => {
  const messages = [{ role: 'user' as const, content: prompt }];

  it('is parsed by OpenAI’s client in both formats, plain and streamed', async () => {
    const calls = await callsOf(async () => {
      const asked = { model, messages, response_format: zodResponseFormat(film, 'film') };
      const parsed = await openai().chat.completions.parse(asked);
      expectFilm(parsed.choices[0]?.message.parsed);
      const streamed = await openai().chat.completions.stream(asked).finalChatCompletion();
      expect(streamed.choices[0]?.message.parsed).toEqual(parsed.choices[0]?.message.parsed);
      expect(streamed.choices[0]?.finish_reason).toBe('stop');
      const input = { model, input: prompt, text: { format: zodTextFormat(film, 'film') } };
      expectFilm((await openai().responses.parse(input)).output_parsed);
      expectFilm((await openai().responses.stream(input).finalResponse()).output_parsed);
    });
    expect(calls).toEqual(Array(4).fill('ConverseStream 200'));
  });

  it('is parsed by the beta namespace of Anthropic’s client, plain and streamed', async () => {
    const calls = await callsOf(async () => {
      const asked = {
        model,
        max_tokens: 500,
        messages,
        output_config: { format: betaZodOutputFormat(film) },
      };
      const { parsed_output, stop_reason } = await anthropic().beta.messages.parse(asked);
      expectFilm(parsed_output);
      expect(stop_reason).toBe('end_turn');
      const streamed = await anthropic().beta.messages.stream(asked).finalMessage();
      expect(streamed.parsed_output).toEqual(parsed_output);
    });
    expect(calls).toEqual(Array(2).fill('ConverseStream 200'));
  });

  it('is parsed by Anthropic’s client, plain and streamed', async () => {
    const calls = await callsOf(async () => {
      const asked = { model, max_tokens: 500, messages, output_config: { format: zodOutputFormat(film) } };
      const parsed = await anthropic().messages.parse(asked);
      expectFilm(parsed.parsed_output);
      expect(parsed.stop_reason).toBe('end_turn');
      const texts: string[] = [];
      const stream = anthropic().messages.stream(asked);
      stream.on('text', (text) => texts.push(text));
      await stream.finalMessage();
      expect(texts.length).toBeGreaterThan(1);
      expect(JSON.parse(texts.join(''))).toEqual(parsed.parsed_output);
    });
    expect(calls).toEqual(Array(2).fill('ConverseStream 200'));
  });

  it('comes to AWS’s client as text, plain and streamed', async () => {
    const calls = await callsOf(async () => {
      const input = converseInput(model, film);
      const { output, stopReason } = await bedrock().send(new ConverseCommand(input));
      const whole = output?.message?.content?.map(({ text }) => text ?? '').join('') ?? '';
      expectFilm(JSON.parse(whole));
      expect(stopReason).toBe('end_turn');
      const { stream } = await bedrock().send(new ConverseStreamCommand(input));
      const texts: string[] = [];
      for await (const event of stream ?? []) texts.push(event.contentBlockDelta?.delta?.text ?? '');
      expect(texts.join('')).toBe(whole);
    });
    expect(calls).toEqual(Array(2).fill('ConverseStream 200'));
  });

  it('is an object for the AI SDK, whole and in parts', async () => {
    const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-local' });
    const calls = await callsOf(async () => {
      const asked = { model: provider.chat(model), schema: film, prompt, maxRetries };
      const { object } = await generateObject(asked);
      expectFilm(object);
      const stream = streamObject(asked);
      const partials: unknown[] = [];
      for await (const partial of stream.partialObjectStream) partials.push(partial);
      expect(partials.at(-1)).toEqual(object);
      expect(await stream.object).toEqual(object);
    });
    expect(calls).toEqual(Array(2).fill('ConverseStream 200'));
  });

  it('is LangChain’s structured output, whole and in parts', async () => {
    const calls = await callsOf(async () => {
      const configuration = { baseURL: `${url}/v1` };
      const byOpenAi = new ChatOpenAI({ model, apiKey: 'sk-local', maxRetries, configuration });
      const byAnthropic = new ChatAnthropic({ model, apiKey: 'sk-local', anthropicApiUrl: url, maxRetries });
      const method = 'jsonSchema' as const;
      for (const structured of [
        byOpenAi.withStructuredOutput(film, { method }),
        byAnthropic.withStructuredOutput(film, { method }),
      ]) {
        const whole = await structured.invoke(prompt);
        expectFilm(whole);
        const parts: unknown[] = [];
        for await (const part of await structured.stream(prompt)) parts.push(part);
        expect(parts.at(-1)).toEqual(whole);
      }
    });
    expect(calls).toEqual(Array(4).fill('ConverseStream 200'));
  });
});

describe('structured outputs', () => {
  const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
  const tools: Anthropic.Tool[] = [
    { name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
  ];
  const asked = (model: string) => ({
    model,
    max_tokens: 2048,
    thinking,
    tools,
    messages: [{ role: 'user' as const, content: prompt }],
    output_config: { format: zodOutputFormat(film) },
  });

  it('stand beside thinking and tools of the caller’s own, plain and streamed', async () => {
    for (const model of ['native', 'both']) {
      const { content, parsed_output } = await anthropic().messages.parse(asked(model));
      expect(content.map(({ type }) => type)).toEqual(['thinking', 'text']);
      expectFilm(parsed_output);
      const streamed = await anthropic().messages.stream(asked(model)).finalMessage();
      expect(streamed.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    }
  });

  it('leave the caller’s own tools to the model', async () => {
    const messages = [{ role: 'user' as const, content: 'The weather in Oslo?' }];
    const { content, stop_reason } = await anthropic().messages.parse({ ...asked('native'), messages });
    expect([content.at(-1)?.type, stop_reason]).toEqual(['tool_use', 'tool_use']);
    const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-local' });
    const { output } = await generateText({
      model: provider.chat('native'),
      prompt,
      tools: { weather },
      output: Output.object({ schema: film }),
      maxRetries,
    });
    expectFilm(output);
  });

  it('are passed over for a tool where they cannot say the schema', async () => {
    const { output } = await bedrock().send(new ConverseCommand(converseInput('both', named)));
    expect(named.safeParse(JSON.parse(output?.message?.content?.[0]?.text ?? '')).success).toBe(true);
  });

  it('that are refused are left for a tool at the same target, and not asked for again there', async () => {
    await refuse(sonnet, 'native-json');
    const ask = async () => {
      const { output } = await bedrock().send(new ConverseCommand(converseInput('both', film)));
      expectFilm(JSON.parse(output?.message?.content?.[0]?.text ?? ''));
    };
    const from = await lastSeq(spillway);
    await ask();
    const calls = await modelCallsSince(spillway, from);
    expect(calls.map(({ status }) => status)).toEqual([400, 200]);
    expect(new Set(calls.map(({ region, target }) => `${region} ${target}`)).size).toBe(1);
    expect(await callsOf(ask)).toEqual(['ConverseStream 200']);
  });
});

it('a model that knows no names of tools is made to call the only one', async () => {
  const { output } = await bedrock().send(new ConverseCommand(converseInput('any', named)));
  expect(named.safeParse(JSON.parse(output?.message?.content?.[0]?.text ?? '')).success).toBe(true);
});

it('a model to which every way is known to be closed is not asked, and explain says by which way each would be', async () => {
  const response_format = zodResponseFormat(film, 'film');
  const explain = async (model: string) => {
    const response = await chat(url, { body: { model, response_format }, path: '/spillway/v1/explain' });
    return (await response.json()) as Record<string, unknown>;
  };
  expect(await explain('none')).toMatchObject({
    decision: 'rejected',
    removed: expect.arrayContaining([expect.objectContaining({ missing: ['json-answer'] })]),
  });
  expect(await explain('native')).toMatchObject({
    jsonBy: expect.arrayContaining([{ target: expect.stringContaining(opus), way: 'native' }]),
  });
  expect(await explain('tool')).toMatchObject({
    jsonBy: expect.arrayContaining([{ target: expect.stringContaining(nova), way: 'tool' }]),
  });
  const calls = await callsOf(async () => {
    const response = await chat(url, { body: { model: 'none', response_format } });
    expect(await response.text()).toContain('json-answer');
  });
  expect(calls).toEqual([]);
});
