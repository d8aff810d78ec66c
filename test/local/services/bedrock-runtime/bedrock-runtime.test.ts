import {
  AccessDeniedException,
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  CountTokensCommand,
  InvokeModelCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { clientConfig, control, startLocalAws } from '../local-clients.ts';

const lite = 'amazon.nova-lite-v1:0';
const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const clients = new Map<string, BedrockRuntimeClient>();
let aws: LocalAws;

function client(region = 'us-east-1'): BedrockRuntimeClient {
  const made = clients.get(region) ?? new BedrockRuntimeClient(clientConfig(aws, region));
  clients.set(region, made);
  return made;
}

const user = (text: string) => [{ role: 'user' as const, content: [{ text }] }];
const converse = (modelId: string, text: string, more: Partial<ConverseCommandInput> = {}, region?: string) =>
  client(region).send(new ConverseCommand({ modelId, messages: user(text), ...more }));

async function stream(input: ConverseCommandInput): Promise<readonly ConverseStreamOutput[]> {
  const { stream: events } = await client().send(new ConverseStreamCommand(input));
  const seen: ConverseStreamOutput[] = [];
  for await (const event of events ?? []) seen.push(event);
  return seen;
}

const count = async (modelId: string, text: string) =>
  (await client().send(new CountTokensCommand({ modelId, input: { converse: { messages: user(text) } } })))
    .inputTokens;

beforeAll(async () => {
  aws = await startLocalAws();
});
afterEach(async () => {
  await control(aws, 'DELETE', 'catalogue');
  await control(aws, 'DELETE', 'profiles');
  await control(aws, 'DELETE', 'journal');
});
afterAll(async () => {
  for (const made of clients.values()) made.destroy();
  await aws.close();
});

describe('bedrock-runtime, called by the SDK client', () => {
  it('answers a conversation with text, stop reason and usage that CountTokens agrees with', async () => {
    const text = 'Explain residency in multi-region routing, please.';
    const answer = await converse(lite, text, {
      serviceTier: { type: 'flex' },
      performanceConfig: { latency: 'standard' },
    });
    const said = answer.output?.message?.content?.[0]?.text ?? '';
    expect(said).toContain('Nova Lite');
    expect(answer).toMatchObject({
      stopReason: 'end_turn',
      serviceTier: { type: 'flex' },
      performanceConfig: { latency: 'standard' },
    });
    expect(answer.usage?.inputTokens).toBe(await count(lite, text));
    expect(answer.usage?.outputTokens).toBe(await count(lite, said));
    expect(answer.usage?.totalTokens).toBe(
      (answer.usage?.inputTokens ?? 0) + (answer.usage?.outputTokens ?? 0),
    );
  });

  it('streams the same answer in the order of events, with deltas that add up to the usage', async () => {
    const text = 'Explain residency in multi-region routing, please.';
    const events = await stream({ modelId: lite, messages: user(text) });
    const kinds = events.map((event) => Object.keys(event)[0]);
    expect(kinds[0]).toBe('messageStart');
    expect(kinds.slice(-3)).toEqual(['contentBlockStop', 'messageStop', 'metadata']);
    const deltas = events.flatMap((event) => event.contentBlockDelta?.delta?.text ?? []);
    const plain = await converse(lite, text);
    expect(deltas.join('')).toBe(plain.output?.message?.content?.[0]?.text);
    const usage = events.at(-1)?.metadata?.usage;
    expect(usage).toEqual(plain.usage);
    const counts = await Promise.all(deltas.map((delta) => count(lite, delta)));
    expect(counts.reduce<number>((total, tokens) => total + (tokens ?? 0), 0)).toBe(usage?.outputTokens);
  });

  it('serves profiles from where they are listed and journals their reach and the region that served', async () => {
    await converse(`us.${sonnet}`, 'hello');
    await converse('global.amazon.nova-2-lite-v1:0', 'hello', {}, 'eu-west-1');
    await converse(`arn:aws:bedrock:us-east-1::foundation-model/${lite}`, 'hello');
    await expect(converse(`eu.${sonnet}`, 'hello')).rejects.toThrow(
      'The provided model identifier is invalid.',
    );
    const { json } = await control(aws, 'GET', 'journal?service=bedrock-runtime');
    const entries = json as readonly Record<string, unknown>[];
    expect(entries.map(({ target, reach, status }) => ({ target, reach, status }))).toEqual([
      { target: `us.${sonnet}`, reach: ['us-east-1', 'us-east-2', 'us-west-2'], status: 200 },
      { target: 'global.amazon.nova-2-lite-v1:0', reach: ['*'], status: 200 },
      { target: lite, reach: ['us-east-1'], status: 200 },
      { target: `eu.${sonnet}`, reach: ['us-east-1'], status: 400 },
    ]);
    expect(entries[0]?.reach).toContain(entries[0]?.servedRegion);
    expect(entries[1]?.servedRegion).toMatch(/^[a-z]+-[a-z]+-\d$/);
    expect(entries[2]?.servedRegion).toBe('us-east-1');
  });

  it('refuses a plain id where only a profile can be called', async () => {
    const refused = converse(sonnet, 'hello');
    await expect(refused).rejects.toThrow(ValidationException);
    await expect(refused).rejects.toThrow('on-demand throughput');
  });

  it('refuses withdrawn models and lets glitches of the list pass', async () => {
    await control(aws, 'PATCH', 'catalogue', { region: 'us-east-1', modelId: lite, offered: false });
    for (const id of [lite, `us.${lite}`]) {
      await expect(converse(id, 'hello')).rejects.toThrow('The provided model identifier is invalid.');
    }
    await control(aws, 'PATCH', 'catalogue', {
      region: 'us-east-1',
      modelId: lite,
      regionAvailability: 'AVAILABLE',
    });
    expect((await converse(lite, 'hello')).stopReason).toBe('end_turn');
  });

  it.each([
    { denied: true },
    { authorizationStatus: 'NOT_AUTHORIZED' },
    { entitlementAvailability: 'NOT_AVAILABLE' },
    { agreementAvailability: 'NOT_AVAILABLE' },
    { agreementAvailability: 'PENDING' },
  ])('answers 403 in that region alone to an account with %j', async (access) => {
    await control(aws, 'PATCH', 'catalogue', {
      region: 'us-east-1',
      account: '111111111111',
      modelId: lite,
      ...access,
    });
    await expect(converse(lite, 'hello')).rejects.toThrow(AccessDeniedException);
    await expect(converse(`us.${lite}`, 'hello')).rejects.toThrow(AccessDeniedException);
    expect((await converse(lite, 'hello', {}, 'us-west-2')).stopReason).toBe('end_turn');
  });

  it('calls a forced tool, streamed as JSON pieces and whole as a document', async () => {
    const toolConfig = {
      tools: [
        {
          toolSpec: {
            name: 'lookup',
            inputSchema: {
              json: {
                type: 'object',
                properties: { query: { type: 'string' }, limit: { type: 'integer', minimum: 1 } },
                required: ['query', 'limit'],
              },
            },
          },
        },
      ],
      toolChoice: { any: {} },
    };
    const whole = await converse(lite, 'Find 3 rivers', { toolConfig });
    expect(whole.stopReason).toBe('tool_use');
    const used = whole.output?.message?.content?.[0]?.toolUse;
    expect(used).toMatchObject({ name: 'lookup', input: { query: 'Find 3 rivers', limit: 3 } });
    const events = await stream({ modelId: lite, messages: user('Find 3 rivers'), toolConfig });
    expect(events.find((event) => event.contentBlockStart)?.contentBlockStart?.start?.toolUse).toMatchObject({
      name: 'lookup',
      toolUseId: used?.toolUseId,
    });
    const json = events.flatMap((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? []).join('');
    expect(JSON.parse(json)).toEqual(used?.input);
    const turns = [
      ...user('Find 3 rivers'),
      {
        role: 'assistant' as const,
        content: [{ toolUse: { toolUseId: used?.toolUseId, name: 'lookup', input: used?.input } }],
      },
      {
        role: 'user' as const,
        content: [{ toolResult: { toolUseId: used?.toolUseId, content: [{ text: 'Nile, Rhine, Amazon' }] } }],
      },
    ];
    const final = await client().send(
      new ConverseCommand({ modelId: lite, messages: turns, toolConfig: { tools: toolConfig.tools } }),
    );
    expect(final.output?.message?.content?.[0]?.text).toContain('Nile, Rhine, Amazon');
  });

  it('answers JSON for a schema and honours token limit and stop sequences', async () => {
    const schema = JSON.stringify({
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    });
    const json = await converse(`us.${sonnet}`, 'Say it', {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema } } } },
    });
    expect(JSON.parse(json.output?.message?.content?.[0]?.text ?? '')).toEqual({ answer: 'Say it' });
    const short = await converse(lite, 'Say it', { inferenceConfig: { maxTokens: 3 } });
    expect(short).toMatchObject({ stopReason: 'max_tokens', usage: { outputTokens: 3 } });
    const stopped = await converse(lite, 'Say it', {
      inferenceConfig: { stopSequences: ['answering'] },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
    });
    expect(stopped).toMatchObject({
      stopReason: 'stop_sequence',
      additionalModelResponseFields: { stop_sequence: 'answering' },
    });
  });

  it('stops generating when the caller goes away', async () => {
    const slow = await import('#local/local-aws.ts').then(({ createLocalAws }) =>
      createLocalAws({ port: 0, timeScale: 1 }),
    );
    const caller = new BedrockRuntimeClient(clientConfig(slow));
    const abort = new AbortController();
    const { stream: events } = await caller.send(
      new ConverseStreamCommand({ modelId: lite, messages: user('Write 900 words') }),
      { abortSignal: abort.signal },
    );
    for await (const event of events ?? []) if (event.contentBlockDelta) break;
    abort.abort();
    caller.destroy();
    await expect
      .poll(
        async () => {
          const { json } = await control(slow, 'GET', 'journal?service=bedrock-runtime');
          return json[0]?.aborted;
        },
        { timeout: 5_000 },
      )
      .toBe(true);
    const { json } = await control(slow, 'GET', 'journal?service=bedrock-runtime');
    expect(json[0].chunks).toBeLessThan(60);
    await slow.close();
  });

  it('embeds texts with Titan and Cohere', async () => {
    const invoke = async (modelId: string, body: unknown) => {
      const { body: bytes } = await client().send(
        new InvokeModelCommand({ modelId, body: JSON.stringify(body) }),
      );
      return JSON.parse(new TextDecoder().decode(bytes));
    };
    const titan = await invoke('amazon.titan-embed-text-v2:0', { inputText: 'a river', dimensions: 256 });
    expect(titan.embedding).toHaveLength(256);
    expect(Math.hypot(...titan.embedding)).toBeCloseTo(1, 5);
    expect(titan.inputTextTokenCount).toBe(await count(lite, 'a river'));
    const cohere = await invoke('cohere.embed-english-v3', {
      texts: ['a river', 'a lake'],
      input_type: 'search_document',
    });
    expect(cohere).toMatchObject({ response_type: 'embeddings_floats', texts: ['a river', 'a lake'] });
    expect(cohere.embeddings.map((vector: number[]) => vector.length)).toEqual([1_024, 1_024]);
  });
});
