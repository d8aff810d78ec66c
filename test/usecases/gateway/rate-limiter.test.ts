import { describe, expect, it } from 'vitest';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createRateLimiter } from '#usecases/gateway/rate-limiter.ts';
import { createWriteBehind } from '#usecases/gateway/write-behind.ts';

const europe = new Set(['eu-central-1', 'eu-west-1']);
const policies = new Map([
  ['eu', { name: 'eu', allowed: europe }],
  ['anywhere', { name: 'anywhere', allowed: 'any' as const }],
]);

function limiterIn(region: string, limits: object, residencies: readonly string[]) {
  const config = acmeConfig();
  const tenant = { keys: [], keyHashes: [], residencies: [...residencies], models: ['*'], limits };
  const tenants = { limited: tenant, free: { ...tenant, limits: undefined } };
  const clock = createVirtualClock(Date.UTC(2026, 10, 21, 8), { leap: false });
  return createRateLimiter({
    config: { ...config, tenants },
    policies,
    region,
    rates: createMemoryRateLedger(),
    clock,
    behind: createWriteBehind(clock),
    log: { write: () => undefined },
    metrics: { count: () => undefined },
  });
}

const shareIn = (region: string, residencies: readonly string[]) =>
  limiterIn(region, { requestsPerMinute: 31 }, residencies).accountOf('limited', 'chat-small')?.views()
    .requests?.limit;

describe('the limits of one gateway', () => {
  it('are its share among the gateways that may serve the tenant', () => {
    const gateways = ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'eu-west-1'];
    expect(gateways.map((region) => shareIn(region, ['anywhere', 'eu']))).toEqual([8, 8, 8, 7]);
    expect(['eu-central-1', 'eu-west-1'].map((region) => shareIn(region, ['eu']))).toEqual([16, 15]);
    expect(shareIn('us-east-1', ['eu'])).toBe(10);
  });

  it('are none for tenants without, for models without, and for names that are no tenants', () => {
    const limiter = limiterIn('us-east-1', { models: { embed: { tokensPerMinute: 400 } } }, ['anywhere']);
    expect(limiter.accountOf('free', 'embed')).toBeUndefined();
    expect(limiter.accountOf('limited', 'chat-small')).toBeUndefined();
    expect(limiter.accountOf('constructor', 'embed')).toBeUndefined();
    expect(limiter.accountOf('limited', 'embed')?.views()).toMatchObject({ tokens: { limit: 100 } });
  });

  it('take nothing of a unit that a request does not need, and show the bucket with the least left', async () => {
    const limits = { tokensPerMinute: 4000, models: { embed: { tokensPerMinute: 400 } } };
    const account = limiterIn('us-east-1', limits, ['anywhere']).accountOf('limited', 'embed');
    expect(await account?.reserve(0)).toEqual({ kind: 'granted', safely: false });
    expect(account?.tooSmallFor(100)).toBeUndefined();
    expect(account?.tooSmallFor(101)?.limited.bucket).toBe('tokens#embed');
    await account?.reserve(10);
    expect(account?.views().tokens).toMatchObject({ limit: 100, remaining: 6 });
    account?.settle({ reserved: 10, used: 4 }, false);
    account?.settle({ reserved: 0, used: 0 }, false);
    expect(account?.views().tokens).toMatchObject({ limit: 100, remaining: 12 });
  });
});
