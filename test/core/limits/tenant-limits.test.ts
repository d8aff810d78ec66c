import { describe, expect, it } from 'vitest';
import { limitedRates, sharingGateways } from '#core/limits/tenant-limits.ts';

describe('limits of a tenant', () => {
  it('are buckets of all models together and of the model asked for', () => {
    const limits = {
      requestsPerMinute: 31,
      tokensPerMinute: 1000,
      models: { 'chat-small': { tokensPerMinute: 500 }, other: { requestsPerMinute: 9 } },
    };
    const rows = limitedRates(limits, 'chat-small', { count: 2, index: 0 });
    expect(rows.map(({ bucket, rate }) => [bucket, rate.perMinute])).toEqual([
      ['requests', 16],
      ['tokens', 500],
      ['tokens#chat-small', 250],
    ]);
    expect(
      limitedRates({ models: { other: { requestsPerMinute: 9 } } }, 'toString', { count: 1, index: 0 }),
    ).toEqual([]);
  });

  it('are divided among the gateways that one of the residencies allows', () => {
    const gateways = ['us-east-1', 'eu-central-1', 'eu-west-1'];
    const policy = (name: string, ...regions: string[]) => ({ name, allowed: new Set(regions) });
    expect(sharingGateways(gateways, [policy('frankfurt', 'eu-central-1')])).toEqual(['eu-central-1']);
    expect(sharingGateways(gateways, [policy('a', 'us-east-1'), policy('b', 'eu-west-1')])).toEqual([
      'us-east-1',
      'eu-west-1',
    ]);
    expect(sharingGateways(gateways, [{ name: 'anywhere', allowed: 'any' }])).toEqual(gateways);
  });
});
