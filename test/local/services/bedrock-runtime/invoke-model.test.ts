import { describe, expect, it } from 'vitest';
import { createModelServices } from '#local/services/models.ts';
import { directCall } from '../direct-call.ts';

const [, runtime] = createModelServices({ timeScale: 0 }).services;
const titan = 'amazon.titan-embed-text-v2:0';
const cohere3 = 'cohere.embed-english-v3';
const cohere4 = 'us.cohere.embed-v4:0';

async function invoke(modelId: string, body: unknown) {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const answer = await directCall(runtime, 'InvokeModel', { modelId, body: bytes });
  return JSON.parse(new TextDecoder().decode(answer.body));
}

const search = { texts: ['one', 'two'], input_type: 'search_query' };

describe('InvokeModel', () => {
  it('gives Titan version 1 its 1,536 dimensions and version 2 those that were asked for', async () => {
    expect((await invoke('amazon.titan-embed-text-v1', { inputText: 'x' })).embedding).toHaveLength(1_536);
    for (const dimensions of [256, 512, 1_024]) {
      expect((await invoke(titan, { inputText: 'x', dimensions })).embedding).toHaveLength(dimensions);
    }
    const both = await invoke(titan, { inputText: 'x y', embeddingTypes: ['float', 'binary'] });
    expect(both.embeddingsByType.binary).toHaveLength(1_024);
    expect(both.embeddingsByType.float).toEqual(both.embedding);
    const raw = await invoke(titan, { inputText: 'several words without a norm', normalize: false });
    expect(Math.hypot(...raw.embedding)).toBeGreaterThan(1.2);
  });

  it('gives Cohere vectors in the forms that were asked for', async () => {
    const byType = await invoke(cohere4, {
      ...search,
      output_dimension: 256,
      embedding_types: ['float', 'int8', 'ubinary'],
    });
    expect(byType.response_type).toBe('embeddings_by_type');
    expect(byType.embeddings.float[1]).toHaveLength(256);
    expect(byType.embeddings.ubinary[0]).toHaveLength(32);
    expect(
      byType.embeddings.int8[0].every((value: number) => Number.isInteger(value) && Math.abs(value) <= 128),
    ).toBe(true);
    expect((await invoke(cohere4, search)).embeddings[0]).toHaveLength(1_536);
  });

  it.each([
    [titan, 'not json', 'not valid JSON'],
    [titan, [], 'expected type: JSONObject'],
    [titan, {}, 'required key [inputText] not found'],
    [titan, { inputText: '' }, 'minLength'],
    [titan, { inputText: 5 }, 'expected type: String'],
    [titan, { inputText: 'x', dimensions: 300 }, '#/dimensions'],
    [titan, { inputText: 'x', normalize: 'yes' }, '#/normalize'],
    [titan, { inputText: 'x', surprise: 1 }, 'extraneous key [surprise]'],
    [titan, { inputText: 'x', embeddingTypes: ['int4'] }, '#/embeddingTypes'],
    [titan, { inputText: 'word '.repeat(8_200) }, 'Too many input tokens'],
    ['amazon.titan-embed-text-v1', { inputText: 'x', dimensions: 256 }, 'extraneous key [dimensions]'],
    [cohere3, {}, 'required key [texts] not found'],
    [cohere3, { texts: ['x'] }, 'required key [input_type] not found'],
    [cohere3, { ...search, texts: Array.from({ length: 97 }, () => 'x') }, '1 to 96 items'],
    [cohere3, { ...search, texts: ['x', ''] }, 'not empty'],
    [cohere3, { ...search, input_type: 'other' }, '#/input_type'],
    [cohere3, { ...search, output_dimension: 256 }, 'extraneous key [output_dimension]'],
    [cohere4, { ...search, output_dimension: 300 }, '#/output_dimension'],
    [cohere4, { ...search, embedding_types: ['int4'] }, '#/embedding_types'],
    ['amazon.nova-lite-v1:0', { messages: [] }, 'InvokeModel serves embedding models here'],
    ['amazon.titan-embed-image-v1', { inputText: 'x' }, 'only text embedding models'],
  ])('refuses for %s the body %j', async (modelId, body, message) => {
    await expect(invoke(modelId, body)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});

describe('CountTokens', () => {
  const count = async (modelId: string, input: unknown) =>
    (await directCall(runtime, 'CountTokens', { modelId, input })).inputTokens;
  const encode = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));

  it('counts with a plain id where only a profile can be called', async () => {
    const messages = [{ role: 'user', content: [{ text: 'one two three' }] }];
    expect(await count('anthropic.claude-sonnet-4-5-20250929-v1:0', { converse: { messages } })).toBe(3);
  });

  it('counts system prompts and tools too', async () => {
    const messages = [{ role: 'user', content: [{ text: 'one' }] }];
    const system = [{ text: 'two three' }];
    const toolConfig = {
      tools: [{ toolSpec: { name: 'four', description: 'five six', inputSchema: { json: {} } } }],
    };
    expect(await count('amazon.nova-lite-v1:0', { converse: { messages, system } })).toBe(3);
    expect(await count('amazon.nova-lite-v1:0', { converse: { messages, system, toolConfig } })).toBe(8);
  });

  it('counts the texts of a provider body', async () => {
    const body = {
      system: 'one',
      messages: [
        { role: 'user', content: 'two three' },
        { role: 'assistant', content: [{ type: 'text', text: 'four' }] },
      ],
    };
    expect(await count('amazon.nova-lite-v1:0', { invokeModel: { body: encode(body) } })).toBe(4);
    expect(await count(titan, { invokeModel: { body: encode({ inputText: 'one two' }) } })).toBe(2);
  });

  it('refuses models that cannot count, and an empty input', async () => {
    const messages = [{ role: 'user', content: [{ text: 'one' }] }];
    await expect(count('anthropic.claude-opus-5-5', { converse: { messages } })).rejects.toThrow(
      "doesn't support counting",
    );
    await expect(count('amazon.nova-lite-v1:0', {})).rejects.toThrow('must set one of');
  });
});
