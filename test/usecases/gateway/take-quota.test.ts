import { describe, expect, it } from 'vitest';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { aGateway, configWithoutBaseline, type GatewayOptions } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, usageOf } from '#test/builders/scripted-invoker.ts';

/** Four gateways may call a target in Virginia: this one may take 10,000 tokens a minute. */
const pooled = aTarget({ quotaTokensPerMinute: 40_000 });
const other = aTarget({ region: 'us-west-2' });

async function world(targets = [pooled, other], options: GatewayOptions = {}) {
  const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets })], ...options });
  await made.gateway.start();
  made.gateway.stop();
  return made;
}

const regionOf = (response: Response) => response.headers.get('x-spillway-region');
const asking = { max_tokens: 4_900 };

describe('a target whose quota is known', () => {
  it('is sent no more than its pool allows; the rest goes to other pools, and no call is throttled', async () => {
    const { chat, invoker } = await world();
    invoker.script(pooled.id, { afterMs: 50, ...answering() });
    const responses = await Promise.all(Array.from({ length: 5 }, () => chat(asking)));
    expect(responses.map(regionOf).sort()).toEqual([
      'us-east-1',
      'us-east-1',
      'us-west-2',
      'us-west-2',
      'us-west-2',
    ]);
  });

  it.each([
    ['whole answers', { stream: false }],
    ['streams', { stream: true }],
  ])('has back what %s did not use', async (_what, { stream }) => {
    const { chat } = await world([pooled]);
    for (let call = 0; call < 20; call += 1) {
      const response = await chat({ ...asking, stream });
      expect(response.status).toBe(200);
      await response.text();
    }
  });

  it('has back what calls took that brought no answer', async () => {
    const { chat, invoker } = await world();
    const failsBefore = aSignal({ kind: 'reset', phase: 'before' });
    invoker.script(pooled.id, { failsBefore }, { failsBefore }, answering());
    for (const region of ['us-west-2', 'us-west-2', 'us-east-1', 'us-east-1'])
      expect(regionOf(await chat(asking))).toBe(region);
  });

  it('is charged what its answers used', async () => {
    const { chat, invoker } = await world();
    invoker.script(pooled.id, answering(['Long.'], usageOf(5_000, 3_000)));
    expect(regionOf(await chat(asking))).toBe('us-east-1');
    expect(regionOf(await chat(asking))).toBe('us-west-2');
  });

  it('answers all the same while the ledger is away and nobody else may: AWS has the last word', async () => {
    const take = async (): Promise<never> => {
      throw houseError('upstream_unavailable', { message: 'it is gone' });
    };
    const rates = { ...createMemoryRateLedger(), take };
    const { chat, invoker } = await world([pooled], { overrides: { rates } });
    for (let call = 0; call < 10; call += 1) expect((await chat(asking)).status).toBe(200);
    expect(invoker.calls).toHaveLength(10);
    const both = await world([pooled, other], { overrides: { rates } });
    // The safe part lets one through that is larger than it, and is owed it.
    both.invoker.script(pooled.id, answering(['Long.'], usageOf(2_000, 3_000)));
    expect(regionOf(await both.chat(asking))).toBe('us-east-1');
    expect(regionOf(await both.chat(asking))).toBe('us-west-2');
  });

  it('tells callers to wait where nobody else may answer', async () => {
    const { chat, invoker } = await world([pooled]);
    invoker.script(pooled.id, answering(['Long.'], usageOf(5_000, 5_000)));
    await chat(asking);
    const response = await chat(asking);
    expect(response.status).toBe(429);
    const { error } = (await response.json()) as { error: { code: string } };
    expect(error.code).toBe('capacity_exhausted');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
