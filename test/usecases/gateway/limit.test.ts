import { describe, expect, it } from 'vitest';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import {
  aStartedGateway,
  configWithoutBaseline,
  eventsOf,
  type GatewayOptions,
} from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, textEvents, usageOf } from '#test/builders/scripted-invoker.ts';
import type { RateLedger } from '#usecases/ports/rate-ledger.ts';

type Limits = NonNullable<SpillwayConfig['tenants'][string]['limits']>;

/** One gateway only, so that its share is the limit. */
function limitedConfig(limits: Limits): SpillwayConfig {
  const config = configWithoutBaseline();
  const { demo } = config.tenants;
  if (demo === undefined) throw new Error('the example has a tenant');
  return { ...config, gateways: ['us-east-1'], tenants: { demo: { ...demo, limits } } };
}

function started(limits: Limits, overrides: GatewayOptions['overrides'] = {}) {
  return aStartedGateway([aTarget({})], { config: limitedConfig(limits), leap: false, overrides });
}

/** A ledger that says what it was asked. */
function watched(): RateLedger & { readonly takes: unknown[]; readonly returns: unknown[] } {
  const ledger = createMemoryRateLedger();
  const takes: unknown[] = [];
  const returns: unknown[] = [];
  return {
    takes,
    returns,
    take: (demand) => {
      takes.push(demand.buckets.map(({ bucket, units }) => `${bucket} ${units}`));
      return ledger.take(demand);
    },
    giveBack: (tenant, given) => {
      returns.push(given.map(({ bucket, units }) => `${bucket} ${units}`));
      return ledger.giveBack(tenant, given);
    },
  };
}

describe('the limit of requests', () => {
  it('lets the burst through, then answers 429 with the exact time, and lets one through after it', async () => {
    const world = await started({ requestsPerMinute: 30 });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await world.chat()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    const refused = await world.chat();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.headers.get('retry-after-ms')).toBe('2000');
    expect(refused.headers.get('x-should-retry')).toBeNull();
    expect(await refused.json()).toEqual({
      error: {
        code: 'rate_limited',
        type: 'rate_limit_error',
        param: null,
        message:
          'Your limit of requests a minute is used up: this gateway lets 30 requests a minute through. Try again in 2.000 s.',
      },
    });
    world.clock.advance(1999);
    expect((await world.chat()).status).toBe(429);
    world.clock.advance(1);
    expect((await world.chat()).status).toBe(200);
    expect(world.records.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 5 }, () => 'answered'),
      'rate_limited',
      'rate_limited',
      'answered',
    ]);
  });

  it('says in every answer what is left, under the names that clients know', async () => {
    const world = await started({ requestsPerMinute: 30, tokensPerMinute: 60_000 });
    const answer = await world.chat({ max_tokens: 100 });
    const left = [...answer.headers].filter(([name]) => name.startsWith('x-ratelimit-'));
    expect(Object.fromEntries(left)).toMatchObject({
      'x-ratelimit-limit-requests': '30',
      'x-ratelimit-remaining-requests': '4',
      'x-ratelimit-reset-requests': '2s',
      'x-ratelimit-limit-tokens': '60000',
    });
    const message = {
      model: 'chat-small',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Say hello.' }],
    };
    for (let count = 0; count < 4; count += 1) await world.chat();
    const refused = await world.post('/v1/messages', message);
    expect([refused.status, ((await refused.json()) as { error: { type: string } }).error.type]).toEqual([
      429,
      'rate_limit_error',
    ]);
    expect(refused.headers.get('anthropic-ratelimit-requests-limit')).toBe('30');
    expect(refused.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    expect(refused.headers.get('anthropic-ratelimit-requests-reset')).toBe('2026-11-21T08:00:10.000Z');
    expect(refused.headers.get('retry-after')).toBe('2');
    const converse = await world.post('/model/chat-small/converse', {
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
    });
    expect([converse.status, converse.headers.get('x-amzn-errortype')]).toEqual([429, 'ThrottlingException']);
  });

  it('charges every kind of work, and neither explain nor the list of models', async () => {
    const rates = watched();
    const world = await started({ requestsPerMinute: 600 }, { rates });
    const body = { model: 'chat-small', messages: [{ role: 'user', content: 'hello' }] };
    const explained = await world.post('/spillway/v1/explain', body);
    expect([...explained.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    await world.get('/v1/models');
    expect(rates.takes).toEqual([]);
    await world.chat();
    world.clock.advance(3000);
    await world.post('/v1/embeddings', { model: 'embed', input: 'hello' });
    world.clock.advance(3000);
    await world.post('/v1/messages/count_tokens', body);
    expect(rates.takes).toEqual([['requests 1'], ['requests 1'], ['requests 1']]);
  });

  it('names the model whose limit it is', async () => {
    const world = await started({ models: { 'chat-small': { requestsPerMinute: 6 } } });
    expect((await world.chat()).status).toBe(200);
    const refused = (await (await world.chat()).json()) as { error: { message: string } };
    expect(refused.error.message).toContain('Your limit of requests a minute for the model "chat-small"');
  });

  it('costs tenants without limits nothing: no call, no header', async () => {
    const rates = watched();
    const world = await aStartedGateway([aTarget({})], { overrides: { rates } });
    const answer = await world.chat();
    expect([...answer.headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([]);
    expect(rates.takes).toEqual([]);
  });
});

describe('the limit of tokens', () => {
  it('takes the estimated input and the longest answer, and gives back what was not used', async () => {
    const rates = watched();
    const world = await started({ tokensPerMinute: 60_000 }, { rates });
    expect((await world.chat({ max_tokens: 500 })).status).toBe(200);
    expect(rates.takes).toEqual([['tokens 503']]);
    const [record] = world.records;
    const used = (record?.inputTokens ?? 0) + (record?.outputTokens ?? 0);
    expect(used).toBeGreaterThan(0);
    expect(rates.returns).toEqual([[`tokens ${503 - used}`]]);
  });

  it('takes more where more was used, and no count that no call of its size can have', async () => {
    const rates = watched();
    const world = await started({ tokensPerMinute: 6_000_000 }, { rates });
    const { id } = aTarget({});
    world.invoker.script(id, answering(['a'], usageOf(900, 2)), answering(['a'], usageOf(9e15, 2)));
    await world.chat({ max_tokens: 500 });
    await world.chat({ max_tokens: 500 });
    // Ten bytes of prompt and room for the words around it, twice, beside the longest answers.
    const most = 2 * (10 + 1024 + 503);
    expect(rates.returns.flat()).toEqual([`tokens ${503 - 902}`, `tokens ${503 - most}`]);
  });

  it('gives everything back where no model answered', async () => {
    const rates = watched();
    const overrides = { rates };
    const options = { config: limitedConfig({ tokensPerMinute: 60_000 }), overrides };
    const world = await aStartedGateway([], options);
    expect((await world.chat({ max_tokens: 500 })).status).toBeGreaterThanOrEqual(400);
    expect([rates.takes, rates.returns]).toEqual([[['tokens 503']], [['tokens 503']]]);
  });

  it('keeps what was read and shown of a stream that its caller leaves or its target breaks', async () => {
    const rates = watched();
    const world = await started({ tokensPerMinute: 600_000 }, { rates });
    const { id } = aTarget({});
    const shown = { events: textEvents(['Hello', ' there']) };
    world.invoker.script(
      id,
      { ...shown, hangs: 'after-events' },
      { ...shown, failsInside: aSignal({ kind: 'reset' }) },
    );
    const left = (await world.chat({ stream: true, max_tokens: 500 })).body?.getReader();
    await left?.read();
    await left?.cancel();
    expect(world.records.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    await eventsOf(await world.chat({ stream: true, max_tokens: 500 }));
    expect(world.records.map(({ outcome }) => outcome)).toEqual(['cancelled', 'stream_interrupted']);
    // Three of input, and a token for each four characters that were shown of one piece or two.
    expect(rates.returns.flat()).toEqual([expect.stringMatching(/^tokens (497|498)$/), 'tokens 497']);
  });

  it('keeps the input of a caller that leaves before the answer, and not its longest answer', async () => {
    const rates = watched();
    const world = await started({ tokensPerMinute: 600_000 }, { rates });
    world.invoker.script(aTarget({}).id, { hangs: 'before' });
    const caller = new AbortController();
    const asking = world.chat({ max_tokens: 500 }, {}, caller.signal);
    await expect.poll(() => world.invoker.calls.length).toBe(1);
    caller.abort();
    expect((await asking).status).toBe(499);
    expect(rates.returns).toEqual([['tokens 500']]);
  });

  it('keeps the input of a call that the caller’s own deadline ends, as if it had left', async () => {
    const rates = watched();
    const world = await aStartedGateway([aTarget({})], {
      config: limitedConfig({ tokensPerMinute: 600_000 }),
      overrides: { rates },
    });
    world.invoker.script(aTarget({}).id, { hangs: 'before' }, { hangs: 'before' });
    const ended = await world.chat({ max_tokens: 500 }, { 'x-spillway-deadline-ms': '50' });
    expect([ended.status, world.invoker.calls.length]).toEqual([504, 1]);
    expect(rates.returns).toEqual([['tokens 500']]);
    expect((await world.chat({ max_tokens: 500 })).status).toBe(502);
    expect(rates.returns).toEqual([['tokens 500'], ['tokens 503']]);
  });

  it('refuses what never fits with the numbers, and charges nothing for it', async () => {
    const rates = watched();
    const world = await started({ tokensPerMinute: 400 }, { rates });
    const refused = await world.chat({ max_tokens: 500 });
    expect(refused.status).toBe(413);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(((await refused.json()) as { error: { message: string } }).error.message).toBe(
      'This request may take 503 tokens (about 3 of input, and its longest answer): more than the 400 that this gateway lets through a minute by your limit of tokens a minute, so that it never fits. Ask for a shorter answer, or send less.',
    );
    expect(rates.takes).toEqual([]);
  });
});
