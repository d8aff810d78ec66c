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
    // Of 10,000 a minute 10,000 are gone, and about half of it is wanted.
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(20);
    expect(Number(response.headers.get('retry-after'))).toBeLessThan(40);
  });

  it('tells the sooner of two times, and that of a slot where one is all that lacks', async () => {
    const west = aTarget({ region: 'us-west-2', quotaTokensPerMinute: 80_000 });
    const { chat, invoker } = await world([pooled, west]);
    invoker.script(pooled.id, answering(['Long.'], usageOf(5_000, 5_000)));
    invoker.script(west.id, answering(['Long.'], usageOf(10_000, 10_000)));
    for (let call = 0; call < 2; call += 1) await chat({ max_tokens: 9_900 });
    const response = await chat({ max_tokens: 9_900 });
    expect(response.status).toBe(429);
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(20);
    expect(seconds).toBeLessThan(60);
  });
});

describe('a call that is more than a pool brings in a minute', () => {
  const small = aTarget({ quotaTokensPerMinute: 8_000 });
  const huge = { max_tokens: 9_000 };

  it('is not sent there: AWS would refuse it', async () => {
    const { chat, invoker } = await world([small, other]);
    expect(regionOf(await chat(huge))).toBe('us-west-2');
    expect(invoker.calls).toHaveLength(1);
  });

  it('is 413 with the numbers where no pool brings more', async () => {
    const west = aTarget({ region: 'us-west-2', quotaTokensPerMinute: 6_000 });
    const { chat, invoker } = await world([small, west]);
    const response = await chat(huge);
    expect(response.status).toBe(413);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe('request_too_large');
    expect(error.message).toMatch(/counts for 9\d\d\d tokens .* no token quota .* more than 8000 a minute/);
    expect(invoker.calls).toEqual([]);
  });
});

describe('calls that come only because a better target is full or fails', () => {
  it('have their part of the pool: beyond it they go on, and calls of the region itself do not', async () => {
    // Of the 10,000 tokens a minute that this gateway may take of Oregon, spilled calls take 8,000.
    const west = aTarget({ region: 'us-west-2', quotaTokensPerMinute: 40_000 });
    const far = aTarget({ region: 'us-east-2', position: 1 });
    const down = aTarget({ quotaTokensPerMinute: 4 });
    const { chat, invoker } = await world([down, west, far]);
    invoker.script(west.id, { afterMs: 50, ...answering() });
    const spilled = await Promise.all(Array.from({ length: 3 }, () => chat({ max_tokens: 3_900 })));
    expect(spilled.map(regionOf).sort()).toEqual(['us-east-2', 'us-west-2', 'us-west-2']);
    const own = await world([west, far]);
    own.invoker.script(west.id, { afterMs: 50, ...answering() });
    const ofItsOwn = await Promise.all(Array.from({ length: 3 }, () => own.chat({ max_tokens: 3_250 })));
    expect(ofItsOwn.map(regionOf)).toEqual(['us-west-2', 'us-west-2', 'us-west-2']);
  });

  describe('and are larger than that part', () => {
    const west = aTarget({ region: 'us-west-2', quotaTokensPerMinute: 40_000 });
    const far = aTarget({ region: 'us-east-2', position: 1 });
    const large = { max_tokens: 9_000 };

    it('go on to the next lawful target', async () => {
      const { chat } = await world([aTarget({ quotaTokensPerMinute: 4 }), west, far]);
      expect(regionOf(await chat(large))).toBe('us-east-2');
      expect(regionOf(await chat({ max_tokens: 7_000 }))).toBe('us-west-2');
    });

    it('are answered where nobody else may, also after another failed', async () => {
      const alone = await world([aTarget({ quotaTokensPerMinute: 4 }), west]);
      expect(regionOf(await alone.chat(large))).toBe('us-west-2');
      const home = aTarget();
      const failing = await world([home, west]);
      failing.invoker.script(home.id, { failsBefore: aSignal({ kind: 'reset', phase: 'before' }) });
      expect(regionOf(await failing.chat(large))).toBe('us-west-2');
      expect(failing.invoker.calls).toHaveLength(2);
    });
  });
});
