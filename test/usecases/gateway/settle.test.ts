import { describe, expect, it } from 'vitest';
import { aGateway, aStartedGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, usageOf } from '#test/builders/scripted-invoker.ts';

const east = aTarget();

const world = (leap = true) => aStartedGateway([east], { leap });

describe('the numbers of a request', () => {
  it('are exact: tokens, cost in pico-USD, time to the first token and for each further one', async () => {
    const { chat, invoker, records, lines } = await world();
    invoker.script(east.id, {
      ...answering(['a', 'b', 'c', 'd'], { ...usageOf(10, 4), cacheReadInputTokens: 100 }),
      betweenMs: 100,
    });
    await (await chat({ stream: true })).text();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      outcome: 'answered',
      model: 'chat-small',
      residency: 'us',
      tenant: 'demo',
      tier: 'serverless',
      streamed: true,
      timeToFirstTokenMs: 200,
      inputTokens: 10,
      outputTokens: 4,
      cacheReadInputTokens: 100,
      costPicoUsd: 10n * 60_000n + 4n * 240_000n + 100n * 60_000n,
    });
    expect(records[0]?.timePerOutputTokenMs).toBeCloseTo(200);
    const line = JSON.stringify(lines.find(({ event }) => event === 'request'));
    expect(line).toContain('"outcome":"answered"');
    for (const secret of ['sk-local', 'Say hello', '"a"']) expect(line).not.toContain(secret);
  });

  it('leave the cost out where a price is unknown', async () => {
    const free = aTarget({ pricing: null });
    const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets: [free] })] });
    await made.gateway.start();
    made.gateway.stop();
    await made.chat();
    expect(made.records[0]).toMatchObject({ inputTokens: 5, costPicoUsd: undefined });
  });
});

describe('the numbers of work without output', () => {
  const titan = aTarget({
    modelId: 'amazon.titan-embed-text-v2:0',
    capabilities: { output: ['EMBEDDING'] },
    pricing: { inputMicroUsdPerMillionTokens: 20_000, outputMicroUsdPerMillionTokens: null },
  });

  async function worldOf() {
    const routes = [aRoute({ targets: [east] }), aRoute({ model: 'embed', targets: [titan] })];
    const made = aGateway({ config: configWithoutBaseline(), routes });
    await made.gateway.start();
    made.gateway.stop();
    return made;
  }

  it('are exact for texts too: their tokens, their cost, no token that was never written', async () => {
    const { post, records } = await worldOf();
    const response = await post('/v1/embeddings', { model: 'embed', input: ['one', 'two'] });
    expect(response.headers.get('x-spillway-max-tokens')).toBeNull();
    expect(records).toMatchObject([
      {
        work: 'embedding',
        outcome: 'answered',
        streamed: false,
        inputTokens: 2,
        outputTokens: 0,
        costPicoUsd: 2n * 20_000n,
      },
    ]);
    expect(records[0]?.timeToFirstTokenMs).toBeUndefined();
  });

  it('hold texts to the limit of cost that their caller set', async () => {
    const { post } = await worldOf();
    const within = (usd: string) =>
      post('/v1/embeddings', { model: 'embed', input: 'x'.repeat(1000) }, { 'x-spillway-max-cost-usd': usd });
    expect((await within('0.000021')).status).toBe(200);
    const refused = await within('0.000001');
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      429,
      'budget_exhausted',
    ]);
  });

  it('cost nothing for a count, which no limit of cost refuses and which says nothing of a pace', async () => {
    const { post, records, chat } = await worldOf();
    const messages = [{ role: 'user', content: 'x' }];
    const counted = await post(
      '/v1/messages/count_tokens',
      { model: 'chat-small', messages },
      { 'x-spillway-max-cost-usd': '0' },
    );
    expect(await counted.json()).toEqual({ input_tokens: 5 });
    expect(records).toMatchObject([{ work: 'count-tokens', outcome: 'answered' }]);
    expect(records[0]).not.toHaveProperty('inputTokens');
    expect(records[0]?.costPicoUsd).toBeUndefined();
    // Counts that took a second do not make a target slow for chats with little time.
    expect((await chat({}, { 'x-spillway-deadline-ms': '50' })).status).toBe(200);
  });
});

describe('a target that tells no counts', () => {
  const silent = { events: answering(['Hello', ' there']).events?.slice(0, -1) ?? [] };
  const told = [
    ['plain', {}, silent],
    ['streamed', { stream: true, stream_options: { include_usage: true } }, silent],
    [
      'broken off',
      { stream: true },
      { events: silent.events.slice(0, -1), failsInside: aSignal({ kind: 'reset' }) },
    ],
  ] as const;

  it.each(told)(
    'is counted and charged by what was read and shown, marked as estimated: %s',
    async (...row) => {
      const [, body, script] = row;
      const { chat, invoker, records, lines } = await world();
      invoker.script(east.id, script);
      await (await chat(body)).text();
      // Ten characters of prompt and eleven of answer, at 0.06 and 0.24 USD per million.
      expect(records).toMatchObject([
        {
          inputTokens: 3,
          outputTokens: 3,
          usageEstimated: true,
          costPicoUsd: BigInt(3 * 60_000 + 3 * 240_000),
        },
      ]);
      const line = lines.find(({ event }) => event === 'request');
      expect(line?.facts).toMatchObject({ inputTokens: 3, outputTokens: 3, usageEstimated: true });
    },
  );

  it.each(told.slice(0, 2))('shows its caller no count that looks exact: %s', async (...row) => {
    const [, body, script] = row;
    const { chat, invoker } = await world();
    invoker.script(east.id, script);
    const text = await (await chat(body)).text();
    expect(text).toContain('"finish_reason":"stop"');
    expect(text).not.toMatch(/(prompt|completion|total)_tokens/);
  });

  it('whose answer was finished by another that tells none either is charged for both', async () => {
    const west = aTarget({ region: 'us-west-2' });
    const { chat, invoker, records } = await aStartedGateway([east, west], { leap: true });
    invoker.script(east.id, {
      events: silent.events.slice(0, -1),
      failsInside: aSignal({ kind: 'reset', phase: 'in-stream' }),
    });
    invoker.script(west.id, silent);
    await (await chat({ stream: true }, { 'x-spillway-resume': 'continue' })).text();
    expect(records).toMatchObject([
      { outcome: 'resumed', inputTokens: 6, outputTokens: 6, usageEstimated: true },
    ]);
    expect(records[0]?.costPicoUsd).toBe(BigInt(6 * 60_000 + 6 * 240_000));
  });

  it('leaves exact counts unmarked', async () => {
    const { chat, records, lines } = await world();
    await (await chat()).text();
    expect(records[0]).not.toHaveProperty('usageEstimated');
    expect(JSON.stringify(lines)).not.toContain('usageEstimated');
  });
});
