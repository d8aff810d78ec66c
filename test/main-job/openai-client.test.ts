/** What it must show, 1: the official client, with only base URL and key changed. */
import { BedrockRuntimeClient, CountTokensCommand } from '@aws-sdk/client-bedrock-runtime';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SpillwayProcess, startSpillway } from './spillway-process.ts';

const modelId = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const prompt = 'Describe the tide in two sentences, please.';
let spillway: SpillwayProcess;
let client: OpenAI;

beforeAll(async () => {
  spillway = await startSpillway();
  client = new OpenAI({
    baseURL: `${spillway.gatewayUrl('us-east-1')}/v1`,
    apiKey: 'sk-local',
    maxRetries: 0,
  });
});
afterAll(() => spillway?.close());

/** As the stand-in's own CountTokens counts the text. */
async function countTokens(text: string): Promise<number> {
  const bedrock = new BedrockRuntimeClient({
    endpoint: spillway.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' },
  });
  const messages = [{ role: 'user' as const, content: [{ text }] }];
  const { inputTokens } = await bedrock.send(
    new CountTokensCommand({ modelId, input: { converse: { messages } } }),
  );
  bedrock.destroy();
  if (inputTokens === undefined) throw new Error('CountTokens answered no count');
  return inputTokens;
}

describe('the OpenAI client', () => {
  it('gets a plain answer whose usage is what the stand-in counts', async () => {
    const answer = await client.chat.completions.create({
      model: 'chat-large',
      messages: [{ role: 'user', content: prompt }],
    });
    const text = answer.choices[0]?.message.content ?? '';
    expect(text.length).toBeGreaterThan(0);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.prompt_tokens).toBe(await countTokens(prompt));
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
  });

  it('gets a streamed answer with the same text, and a usage equal to the plain one', async () => {
    const messages = [{ role: 'user' as const, content: prompt }];
    const plain = await client.chat.completions.create({ model: 'chat-large', messages });
    const stream = await client.chat.completions.create({
      model: 'chat-large',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    const deltas: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    let finish: string | null | undefined;
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta.content ?? '';
      if (delta !== '') deltas.push(delta);
      text += delta;
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(deltas.length).toBeGreaterThan(1);
    expect(text).toBe(plain.choices[0]?.message.content);
    expect(finish).toBe('stop');
    expect(usage).toEqual(plain.usage);
    const counts = await Promise.all(deltas.map((delta) => countTokens(delta)));
    expect(usage?.completion_tokens).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  it('gets a tool call when a tool is forced', async () => {
    const answer = await client.chat.completions.create({
      model: 'chat-large',
      messages: [{ role: 'user', content: 'Weather in Oslo?' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        },
      ],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    const call = answer.choices[0]?.message.tool_calls?.[0];
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
    expect(call?.type === 'function' && typeof JSON.parse(call.function.arguments).city).toBe('string');
  });

  it('gets JSON that satisfies a schema', async () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, year: { type: 'integer' } },
      required: ['title', 'year'],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.create({
      model: 'chat-large',
      messages: [{ role: 'user', content: 'A film, please.' }],
      response_format: { type: 'json_schema', json_schema: { name: 'film', schema, strict: true } },
    });
    const film = JSON.parse(answer.choices[0]?.message.content ?? '') as { title: unknown; year: unknown };
    expect(typeof film.title).toBe('string');
    expect(Number.isInteger(film.year)).toBe(true);
  });

  it('is answered by warm dedicated capacity first where there is some', async () => {
    const response = await client.chat.completions
      .create(
        { model: 'chat-small', messages: [{ role: 'user', content: 'hi' }] },
        { headers: { 'x-spillway-residency': 'us' } },
      )
      .asResponse();
    expect(response.headers.get('x-spillway-tier')).toBe('dedicated');
    expect(response.headers.get('x-spillway-target')).toBe('111111111111/us-east-1/chat-small');
  });

  it('lists the logical models', async () => {
    const { data } = await client.models.list();
    expect(data.map((model) => model.id).sort()).toEqual(['chat-large', 'chat-small', 'embed']);
  });

  it('is told about a wrong key in its own error type', async () => {
    const stranger = new OpenAI({ baseURL: client.baseURL, apiKey: 'sk-wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});

describe('four gateways', () => {
  it('are started in the order of the configuration and are all ready', async () => {
    expect(spillway.gateways.map((gateway) => gateway.region)).toEqual([
      'us-east-1',
      'eu-central-1',
      'ap-northeast-1',
      'eu-west-1',
    ]);
    const states = await Promise.all(
      spillway.gateways.map(async ({ url }) => (await fetch(`${url}/readyz`)).status),
    );
    expect(states).toEqual([200, 200, 200, 200]);
  });
});
