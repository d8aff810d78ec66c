/** Clients that know nothing of resumed streams read them as any other: the marks trouble none of them. */

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import { type LanguageModel, streamText } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { exampleConfig } from './model-calls.ts';

const model = 'chat-large';
const prompt = 'Describe the tide in two sentences, please.';
const messages = [{ role: 'user' as const, content: prompt }];
const headers = { 'x-spillway-residency': 'us', 'x-spillway-resume': 'continue' };
const apiKey = 'sk-local';

let spillway: SpillwayProcess;
let url: string;
const bearer = process.env.AWS_BEARER_TOKEN_BEDROCK;

beforeAll(async () => {
  spillway = await startSpillway({ configFile: exampleConfig, parameters: ['--discover-every', '3600'] });
  url = spillway.gatewayUrl('us-east-1');
  process.env.AWS_BEARER_TOKEN_BEDROCK = apiKey;
});
afterAll(async () => {
  if (bearer === undefined) delete process.env.AWS_BEARER_TOKEN_BEDROCK;
  else process.env.AWS_BEARER_TOKEN_BEDROCK = bearer;
  await spillway?.close();
});
beforeEach(() =>
  spillway.control('PUT', 'faults', [
    { service: 'bedrock-runtime', operation: 'ConverseStream', kind: 'cut-stream', afterChunks: 3, count: 1 },
  ]),
);

async function joined<Part>(
  stream: AsyncIterable<Part> | readonly Part[],
  textOf: (part: Part) => string,
): Promise<string> {
  let text = '';
  for await (const part of stream) text += textOf(part);
  return text;
}

async function byAiSdk(named: LanguageModel): Promise<string> {
  const result = streamText({ model: named, prompt, maxRetries: 0 });
  const text = await result.text;
  expect(await result.finishReason).toBe('stop');
  return text;
}

function bedrock(): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({ endpoint: url, region: 'us-east-1', maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (call) => {
      Object.assign((call.request as { headers: Record<string, string> }).headers, headers);
      return next(call);
    },
    { step: 'build' },
  );
  return client;
}

/** Each client, and the text that it makes of the whole stream. */
const clients: readonly (readonly [string, () => Promise<string>])[] = [
  [
    'openai, chat',
    async () => {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, defaultHeaders: headers });
      const { choices } = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
      expect(choices[0]?.finish_reason).toBe('stop');
      return choices[0]?.message.content ?? '';
    },
  ],
  [
    'openai, responses',
    async () => {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, defaultHeaders: headers });
      const { output_text, status } = await client.responses.stream({ model, input: prompt }).finalResponse();
      expect(status).toBe('completed');
      return output_text;
    },
  ],
  [
    'anthropic',
    async () => {
      const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0, defaultHeaders: headers });
      const message = await client.messages.stream({ model, messages, max_tokens: 2048 }).finalMessage();
      expect(message.stop_reason).toBe('end_turn');
      return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    },
  ],
  [
    'bedrock, ConverseStream',
    async () => {
      const input = { modelId: model, messages: [{ role: 'user' as const, content: [{ text: prompt }] }] };
      const { stream } = await bedrock().send(new ConverseStreamCommand(input));
      let mark: unknown;
      const text = await joined(stream ?? [], (event) => {
        mark ??= event.messageStop?.additionalModelResponseFields;
        return event.contentBlockDelta?.delta?.text ?? '';
      });
      expect(mark).toMatchObject({ spillway: { resumed: { target: expect.any(String) } } });
      return text;
    },
  ],
  [
    'bedrock, InvokeModelWithResponseStream',
    async () => {
      const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', messages, max_tokens: 2048 });
      const command = new InvokeModelWithResponseStreamCommand({ modelId: model, body });
      const { body: stream } = await bedrock().send(command);
      return joined(stream ?? [], (event) => {
        const chunk = JSON.parse(Buffer.from(event.chunk?.bytes ?? []).toString('utf8'));
        return chunk.delta?.text ?? '';
      });
    },
  ],
  ['ai, OpenAI chat', () => byAiSdk(createOpenAI({ baseURL: `${url}/v1`, apiKey, headers }).chat(model))],
  [
    'ai, OpenAI responses',
    () => byAiSdk(createOpenAI({ baseURL: `${url}/v1`, apiKey, headers }).responses(model)),
  ],
  ['ai, Anthropic', () => byAiSdk(createAnthropic({ baseURL: `${url}/v1`, apiKey, headers })(model))],
  [
    'langchain, OpenAI',
    async () => {
      const configuration = { baseURL: `${url}/v1`, defaultHeaders: headers };
      const client = new ChatOpenAI({ model, apiKey, configuration, maxRetries: 0 });
      return joined(await client.stream(prompt), (chunk) => String(chunk.content));
    },
  ],
  [
    'langchain, Anthropic',
    async () => {
      const clientOptions = { defaultHeaders: headers };
      const client = new ChatAnthropic({ model, apiKey, anthropicApiUrl: url, clientOptions, maxRetries: 0 });
      return joined(await client.stream(prompt), (chunk) =>
        typeof chunk.content === 'string'
          ? chunk.content
          : chunk.content.map((part) => ('text' in part ? String(part.text) : '')).join(''),
      );
    },
  ],
];

describe('a resumed stream', () => {
  it.each(clients)('is one answer to %s', async (_, ask) => {
    const from = (await spillway.journal()).at(-1)?.seq ?? 0;
    const text = await ask();
    const calls = (await spillway.journal(`?since=${from}`)).filter(
      ({ service, rule }) => service === 'bedrock-runtime' || rule !== undefined,
    );
    expect(calls.filter(({ rule }) => rule !== undefined)).toHaveLength(1);
    expect(calls).toHaveLength(2);
    expect(text.match(/answering from/g)).toHaveLength(1);
    expect(text.length).toBeGreaterThan(20);
  });
});
