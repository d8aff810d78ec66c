import { describe, expect, it } from 'vitest';
import { aGateway, configWithoutBaseline, type GatewayOptions } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

/** Two copies with 1,600 tokens of memory each, and slots in plenty. */
const gpu = aDedicatedTarget({ share: { 'us-east-1': 20 }, copies: 2, kvTokens: { 'us-east-1': 3_200 } });

async function world(options: GatewayOptions = {}, targets = [gpu, aTarget()]) {
  const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets })], ...options });
  await made.gateway.start();
  made.gateway.stop();
  return made;
}

async function measured(targets = [gpu]) {
  const ledger = createScriptedLedger();
  const made = await world({ overrides: { capacity: ledger } }, targets);
  const last = () => ledger.demands.at(-1);
  return { ...made, last };
}

const tierOf = (response: Response) => response.headers.get('x-spillway-tier');
const words = (count: number) => [{ role: 'user', content: 'word '.repeat(count) }];

describe('a target with known memory', () => {
  it('takes what fits into it, each copy for itself; the rest goes to the next tier', async () => {
    const { chat, invoker } = await world();
    invoker.script(gpu.id, { afterMs: 50, ...answering() });
    // Each is expected to fill about 1,050 tokens: two of them fit into no copy.
    const responses = await Promise.all(Array.from({ length: 4 }, () => chat({ max_tokens: 4_000 })));
    expect(responses.map(tierOf).sort()).toEqual(['dedicated', 'dedicated', 'serverless', 'serverless']);
    expect(tierOf(await chat({ max_tokens: 4_000 }))).toBe('dedicated');
  });

  it('has room for many once their answers are known to be short', async () => {
    const { chat, invoker } = await world();
    for (let answer = 0; answer < 25; answer += 1) await chat({ max_tokens: 4_000 });
    invoker.script(gpu.id, { afterMs: 50, ...answering() });
    const responses = await Promise.all(Array.from({ length: 20 }, () => chat({ max_tokens: 4_000 })));
    expect(responses.map(tierOf)).toEqual(responses.map(() => 'dedicated'));
  });

  it('refuses what fits into no copy, with the numbers', async () => {
    const { chat } = await world({}, [gpu]);
    const response = await chat({ messages: words(3_000), max_tokens: 10 });
    expect(response.status).toBe(413);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('request_too_large');
    expect(error.message).toMatch(/may take [23]\d{3} tokens of memory .* holds more than 1600 at a time/);
    expect((await chat({ messages: words(3_000), max_tokens: 10 })).status).toBe(413);
  });

  it('takes nothing where plan shared the memory out without this region', async () => {
    const elsewhere = { ...gpu, kvTokens: { 'eu-central-1': 3_200 } };
    const { chat } = await world({}, [elsewhere, aTarget()]);
    expect(tierOf(await chat())).toBe('serverless');
  });
});

describe('the size of a request', () => {
  it('is its input and its longest answer, in blocks, with what every request takes', async () => {
    const { chat, last } = await measured([{ ...gpu, kvTokensPerRequest: 128 }]);
    await chat({ messages: words(320), max_tokens: 64 });
    expect(last()?.limit).toEqual({ target: gpu.id, slots: 20, copies: 2, kvTokens: 3_200 });
    expect(last()?.kvTokens).toBeGreaterThanOrEqual(320 * 0.8 + 64 + 128);
    expect(last()?.kvTokens).toBeLessThan(320 * 1.25 + 64 + 128 + 32);
  });

  it('comes nearer to what the target counts with every answer, for each tenant', async () => {
    const { chat, invoker, last } = await measured();
    invoker.script(gpu.id, answering(['So.'], usageOf(640, 1)));
    await chat({ messages: words(320), max_tokens: 16 });
    const before = last()?.kvTokens ?? 0;
    for (let answer = 0; answer < 40; answer += 1) await chat({ messages: words(320), max_tokens: 16 });
    expect(before).toBeLessThan(450);
    expect(last()?.kvTokens).toBeGreaterThan(600);
    expect(last()?.kvTokens).toBeLessThan(720);
  });

  it('is not led astray by a container that counts wrong', async () => {
    const { chat, invoker, last } = await measured();
    await chat({ messages: words(320), max_tokens: 16 });
    const before = last()?.kvTokens ?? 0;
    invoker.script(gpu.id, answering(['So.'], usageOf(9e9, 9e9)));
    for (let answer = 0; answer < 60; answer += 1) await chat({ messages: words(320), max_tokens: 16 });
    expect(last()?.kvTokens).toBeLessThanOrEqual(2.5 * before + 16);
  });

  it('is 0 where memory limits nothing', async () => {
    const { kvTokens: _memory, copies: _copies, ...unlimited } = gpu;
    const { chat, last } = await measured([unlimited]);
    await chat({ messages: words(320) });
    expect(last()?.kvTokens).toBe(0);
    expect(last()?.limit).toEqual({ target: gpu.id, slots: 20, copies: 1 });
  });
});
