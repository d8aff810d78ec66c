import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { checkQuotas } from '#core/config/check-quotas.ts';

interface Quota {
  readonly model?: string;
  readonly scope?: string;
  readonly regions?: string[];
  readonly tokensPerMinute?: number;
}

const findingsOf = (...quotas: readonly Quota[]) => {
  const parsed = parseConfig({
    name: 'test',
    home: { account: '111111111111', region: 'us-east-1' },
    accounts: [
      {
        id: '111111111111',
        regions: ['us-east-1'],
        quotas: quotas.map((quota) => ({
          ...{ model: 'amazon.nova-lite-v1:0', scope: 'geo', tokensPerMinute: 1_000 },
          ...quota,
        })),
      },
    ],
    gateways: ['us-east-1', 'us-west-2'],
    residencies: { us: { jurisdictions: ['US'] } },
    models: { chat: { candidates: ['amazon.nova-lite-v1:0'] } },
  });
  if (!parsed.ok) return parsed.violations.map(({ path, message }) => `${path} ${message}`);
  return checkQuotas(parsed.config).errors.map(({ path, message }) => `${path} ${message}`);
};

describe('a quota of an account', () => {
  it('is for a candidate, in regions of the account, and large enough to be shared', () => {
    expect(findingsOf({})).toEqual([]);
    expect(findingsOf({ model: 'amazon.nova-pro-v1:0' })).toEqual([
      'accounts[0].quotas[0].model amazon.nova-pro-v1:0 is no candidate of any model; leave it out',
    ]);
    expect(findingsOf({ regions: ['us-east-1', 'eu-west-1'] })).toEqual([
      'accounts[0].quotas[0].regions[1] eu-west-1 is not a region of account 111111111111, which lists us-east-1',
    ]);
    expect(findingsOf({ tokensPerMinute: 1 })).toEqual([
      'accounts[0].quotas[0].tokensPerMinute 1 cannot be divided among the 2 gateways; want 2 or more',
    ]);
    expect(findingsOf({ tokensPerMinute: 0 })[0]).toMatch(/tokensPerMinute 0 must be a whole number from 1/);
  });

  it('is said once for each model, scope and region', () => {
    const twice = [
      'accounts[0].quotas[1] amazon.nova-lite-v1:0 has a quota of the scope geo there already; leave one of them out',
    ];
    expect(findingsOf({}, { tokensPerMinute: 5_000 })).toEqual(twice);
    expect(findingsOf({ regions: ['us-east-1'] }, {})).toEqual(twice);
    expect(findingsOf({}, { regions: ['us-east-1'] })).toEqual(twice);
    expect(findingsOf({}, { scope: 'global' })).toEqual([]);
  });
});
