/** Embeddings through the clients that applications use, against the whole product: only base URL and key are ours. */
import { createOpenAI } from '@ai-sdk/openai';
import { OpenAIEmbeddings } from '@langchain/openai';
import { cosineSimilarity, embedMany } from 'ai';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import regions from '#data/regions.json' with { type: 'json' };
import acme from '#examples/acme.config.ts';
import { eventually, type JournalEntry, type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { refusalOf } from './ai-sdk-calls.ts';
import { failure } from './failure.ts';
import { leaveDuringCall } from './leaving-caller.ts';
import { lastSeq, modelCallsSince } from './model-calls.ts';

let spillway: SpillwayProcess;
let baseURL: string;
let client: OpenAI;

const own = { account: '111111111111', region: 'us-east-1', endpoint: 'embed-own', copies: 1 };
const models = {
  ...acme.models,
  'embed-cohere': { kind: 'embedding' as const, candidates: ['cohere.embed-v4:0'] },
  'embed-own': {
    kind: 'embedding' as const,
    candidates: ['amazon.titan-embed-text-v2:0'],
    dedicated: [own],
  },
};

beforeAll(async () => {
  spillway = await startSpillway({
    config: { ...acme, models },
    parameters: ['--discover-every', '3600'],
  });
  baseURL = `${spillway.gatewayUrl('us-east-1')}/v1`;
  client = new OpenAI({
    baseURL,
    apiKey: 'sk-local',
    maxRetries: 0,
    defaultHeaders: { 'x-spillway-residency': 'us' },
  });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'faults'));

const sea = 'The tide comes in twice a day at the harbour.';
const seaAgain = 'Twice a day the tide comes in at our harbour.';
const money = 'Invoices are paid within thirty working days.';
const groups = { us: 'US', eu: 'EU', japan: 'JP' } as const;
const inside = (residency: keyof typeof groups): ReadonlySet<string> =>
  new Set(regions.regions.filter((each) => each.groups.includes(groups[residency])).map(({ code }) => code));

const vectorsOf = async (input: string | string[], more: object = {}): Promise<number[][]> => {
  const { data } = await client.embeddings.create({ model: 'embed', input, ...more });
  return data.map(({ embedding }) => embedding);
};

/** One call by hand, with the calls that the journal shows for it. */
async function ask(body: object, headers: Record<string, string> = {}, gateway = 'us-east-1') {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  const response = await fetch(`${spillway.gatewayUrl(gateway)}/v1/embeddings`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk-local',
      'x-spillway-residency': 'us',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      ...headers,
    },
    body: JSON.stringify({ model: 'embed', input: sea, ...body }),
  });
  const answer = (await response.json()) as {
    data?: { embedding: number[] }[];
    usage?: { prompt_tokens: number };
    error?: { code: string; message: string; param?: string };
  };
  const calls = (await spillway.journal()).filter(({ traceparent }) => traceparent?.includes(traceId));
  return { response, answer, calls };
}

function expectInside(residency: keyof typeof groups, calls: readonly JournalEntry[]): void {
  const allowed = inside(residency);
  expect(calls.flatMap(({ reach }) => reach ?? ['*']).filter((region) => !allowed.has(region))).toEqual([]);
}

describe('the openai client', () => {
  it('gets vectors that are near where texts are, with exact usage, in base64 (its default) and as floats', async () => {
    const { data, usage, model } = await client.embeddings.create({
      model: 'embed',
      input: [sea, seaAgain, money],
    });
    const [first = [], second = [], third = []] = data.map(({ embedding }) => embedding);
    expect([model, data.map(({ index }) => index), first.length]).toEqual(['embed', [0, 1, 2], 1024]);
    expect(cosineSimilarity(first, second)).toBeGreaterThan(cosineSimilarity(first, third) + 0.3);
    const floats = await vectorsOf([sea], { encoding_format: 'float' });
    expect(floats[0]?.map(Math.fround)).toEqual(first);
    const alone = await Promise.all([sea, seaAgain, money].map((input) => ask({ input })));
    const counts = alone.map(({ answer }) => answer.usage?.prompt_tokens ?? Number.NaN);
    expect(usage).toEqual({
      prompt_tokens: counts.reduce((sum, count) => sum + count, 0),
      total_tokens: usage.prompt_tokens,
    });
  });

  it('keeps the order of a batch that takes many calls, which are the attempts that it is told of', async () => {
    const texts = Array.from(
      { length: 40 },
      (_, index) => `Entry ${index} of the log, written at ${index}:00.`,
    );
    const { data, response } = await client.embeddings
      .create({ model: 'embed', input: texts, dimensions: 256 })
      .withResponse();
    expect(response.headers.get('x-spillway-attempts')).toBe('40');
    expect(data.data.map(({ embedding }) => embedding.length)).toEqual(texts.map(() => 256));
    const [last] = await vectorsOf(texts[39] ?? '', { dimensions: 256 });
    expect(data.data[39]?.embedding).toEqual(last);
  });

  it('is told what is wrong in its own error type, all of it at once', async () => {
    const wrong = client.embeddings.create({ model: 'embed', input: [], dimensions: 0 });
    await expect(wrong).rejects.toMatchObject({ status: 400, code: 'invalid_request' });
    await expect(wrong).rejects.toThrow(/input: .*1 to 2048 texts.*dimensions: /s);
    const tokens = client.embeddings.create({ model: 'embed', input: [15339, 1917] });
    await expect(tokens).rejects.toThrow(/input: must be text: token numbers/);
    await expect(client.embeddings.create({ model: 'chat-large', input: sea })).rejects.toThrow(
      /"chat-large" chats and makes no embeddings; these do: embed, embed-cohere, embed-own/,
    );
    const chat = client.chat.completions.create({
      model: 'embed',
      messages: [{ role: 'user', content: sea }],
    });
    await expect(chat).rejects.toThrow(/"embed" makes embeddings and does not chat/);
    const odd = client.embeddings.create({ model: 'embed', input: sea, dimensions: 333 });
    await expect(odd).rejects.toThrow(
      /No target of the model "[\w-]+" can take this request: capability-missing \(dimensions\)/,
    );
  });
});

describe('a caller that leaves', () => {
  it('takes all calls to the model along', async () => {
    await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', kind: 'hang' }]);
    const from = await lastSeq(spillway);
    const caller = new AbortController();
    const body = { model: 'embed', input: [sea, seaAgain, money] };
    const asked = client.embeddings.create(body, { signal: caller.signal }).catch(() => undefined);
    const calls = () => modelCallsSince(spillway, from);
    await eventually(async () => ((await calls()).length === 3 ? true : undefined), 'the calls');
    caller.abort();
    await asked;
    const gone = async () => ((await calls()).every((call) => call.aborted) ? true : undefined);
    await eventually(gone, 'the aborts in the journal', 1_000);
    expect(await calls()).toHaveLength(3);
  });
});

describe('the AI SDK', () => {
  const embedBy = (
    values: string[],
    {
      model = 'embed',
      key = 'sk-local',
      signal,
    }: { model?: string; key?: string; signal?: AbortSignal } = {},
  ) =>
    embedMany({
      model: createOpenAI({ baseURL, apiKey: key }).embeddingModel(model),
      values,
      maxRetries: 0,
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });

  it('gets vectors by embedMany, with their usage', async () => {
    const { embeddings, usage } = await embedBy([sea, seaAgain, money]);
    const [first = [], second = [], third = []] = embeddings;
    expect(cosineSimilarity(first, second)).toBeGreaterThan(cosineSimilarity(first, third));
    expect(usage.tokens).toBeGreaterThan(20);
  });

  it('has errors of its own kind, with their codes', async () => {
    expect(await refusalOf(embedBy([sea], { key: 'sk-wrong' }))).toEqual([401, 'invalid_api_key']);
    expect(await refusalOf(embedBy([sea], { model: 'none' }))).toEqual([404, 'model_not_found']);
    expect(await refusalOf(embedBy([sea], { model: 'chat-large' }))).toEqual([400, 'invalid_request']);
  });

  it('takes its call to the model along', async () => {
    const ask = (signal: AbortSignal) => embedBy([sea], { signal });
    const { error, calls } = await leaveDuringCall(spillway, ask, 'InvokeModel');
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(calls).toMatchObject([{ aborted: true }]);
  });
});

describe('LangChain', () => {
  const embeddingsBy = (
    changes: Partial<OpenAIEmbeddings> & { apiKey?: string; fetch?: typeof fetch } = {},
  ) => {
    const { fetch: own, ...fields } = changes;
    return new OpenAIEmbeddings({
      model: 'embed',
      apiKey: 'sk-local',
      dimensions: 512,
      maxRetries: 0,
      configuration: { baseURL, ...(own === undefined ? {} : { fetch: own }) },
      ...fields,
    });
  };

  it('gets vectors by OpenAIEmbeddings, of documents and of a query', async () => {
    const embeddings = embeddingsBy();
    const vectors = await embeddings.embedDocuments([sea, money]);
    expect(vectors.map(({ length }) => length)).toEqual([512, 512]);
    expect((await embeddings.embedQuery(sea)).map(Math.fround)).toEqual(vectors[0]?.map(Math.fround));
  });

  it('has errors of the client under it', async () => {
    const refused = (changes: Parameters<typeof embeddingsBy>[0]) =>
      failure(embeddingsBy(changes).embedQuery(sea));
    expect(await refused({ apiKey: 'sk-wrong' })).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(await refused({ model: 'none' })).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await refused({ dimensions: 333 })).toMatchObject({ status: 400 });
  });

  it('takes the call to the model along when the fetch under it is aborted', async () => {
    const ask = (signal: AbortSignal) =>
      embeddingsBy({ fetch: (url, init) => fetch(url, { ...init, signal }) }).embedQuery(sea);
    const { error, calls } = await leaveDuringCall(spillway, ask, 'InvokeModel');
    expect(error).toBeInstanceOf(Error);
    expect(calls).toMatchObject([{ aborted: true }]);
  });
});

describe('other models', () => {
  it('of Cohere take 96 texts a call, and their tokens are counted too', async () => {
    const input = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const { response, answer, calls } = await ask({ model: 'embed-cohere', input });
    expect(response.status).toBe(200);
    expect([answer.data?.length, response.headers.get('x-spillway-attempts'), calls.length]).toEqual([
      100,
      '2',
      2,
    ]);
    expect(answer.usage?.prompt_tokens).toBeGreaterThanOrEqual(200);
    expectInside('us', calls);
  });

  it('of a container of one’s own answer first, and are left where they cannot make the length asked for', async () => {
    const { response, answer } = await ask({ model: 'embed-own', input: [sea, money] });
    expect([response.headers.get('x-spillway-tier'), answer.data?.length]).toEqual(['dedicated', 2]);
    const shorter = await ask({ model: 'embed-own', dimensions: 256 });
    expect(shorter.answer.data?.[0]?.embedding).toHaveLength(256);
    expect(shorter.response.headers.get('x-spillway-tier')).toBe('serverless');
    // It was no fault of the container: it is asked first again.
    expect((await ask({ model: 'embed-own' })).response.headers.get('x-spillway-tier')).toBe('dedicated');
  });
});

describe('failures', () => {
  // Before a gateway has read its routes it knows the compiled ones alone, and of Japan's they name one region.
  beforeAll(async () => {
    await eventually(async () => {
      const plans = await Promise.all(spillway.gateways.map(({ region }) => planOf(region)));
      return plans.every((plan) => plan.length > 1) ? true : undefined;
    }, 'the routes of every gateway');
  });

  async function planOf(gateway: string): Promise<readonly string[]> {
    const residency = { 'us-east-1': 'us', 'ap-northeast-1': 'japan' }[gateway] ?? 'eu';
    const answer = await fetch(`${spillway.gatewayUrl(gateway)}/spillway/v1/explain?for=/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-local', 'x-spillway-residency': residency },
      body: JSON.stringify({ model: 'embed', input: sea }),
    });
    return ((await answer.json()) as { plan?: string[] }).plan ?? [];
  }

  it('that only one of the calls meets give no half answer', async () => {
    await spillway.control('PUT', 'faults', [
      {
        service: 'bedrock-runtime',
        region: 'us-east-1',
        kind: 'error',
        error: 'InternalServerException',
        count: 1,
      },
    ]);
    const { response, answer, calls } = await ask({ input: [sea, seaAgain, money] });
    expect([response.status, answer.data?.length]).toEqual([200, 3]);
    expect(response.headers.get('x-spillway-region')).not.toBe('us-east-1');
    expect(calls.filter(({ region }) => region === 'us-east-1').length).toBeGreaterThan(0);
    expect(calls.filter(({ region }) => region !== 'us-east-1')).toHaveLength(3);
  });

  // One gateway each: what one of them learned of a region must not help the next.
  it.each([
    ['throttling', { kind: 'throttle' }, 'us-east-1', 'us'],
    ['unavailable', { kind: 'error', error: 'ServiceUnavailableException' }, 'eu-central-1', 'eu'],
    ['dark', { kind: 'refuse' }, 'ap-northeast-1', 'japan'],
    ['hanging', { kind: 'hang' }, 'eu-west-1', 'eu'],
  ] as const)(
    'of a region that is %s cost attempts, never the residency',
    async (_, rule, region, residency) => {
      await spillway.control('PUT', 'faults', [{ service: 'bedrock-runtime', region, ...rule }]);
      const { response, answer, calls } = await ask(
        { input: [sea, money] },
        { 'x-spillway-deadline-ms': '3000', 'x-spillway-residency': residency },
        region,
      );
      expect([response.status, answer.data?.length]).toEqual([200, 2]);
      expect(response.headers.get('x-spillway-region')).not.toBe(region);
      expect(calls.some((call) => call.region === region)).toBe(true);
      expect(Number(response.headers.get('x-spillway-attempts'))).toBe(calls.length);
      expectInside(residency, calls);
    },
  );

  it('of every lawful region end in an error, without a call outside', async () => {
    await spillway.control(
      'PUT',
      'faults',
      [...inside('us')].map((region) => ({ service: 'bedrock-runtime', region, kind: 'throttle' })),
    );
    const { response, answer, calls } = await ask({});
    expect([response.status, answer.error?.code]).toEqual([429, 'capacity_exhausted']);
    expectInside('us', calls);
  });
});
