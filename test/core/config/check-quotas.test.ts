import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { checkQuotas } from '#core/config/check-quotas.ts';

const findingsOf = (quota: { model?: string; regions?: string[]; tokensPerMinute?: number }) => {
  const parsed = parseConfig({
    name: 'test',
    home: { account: '111111111111', region: 'us-east-1' },
    accounts: [
      {
        id: '111111111111',
        regions: ['us-east-1'],
        quotas: [{ model: 'amazon.nova-lite-v1:0', scope: 'geo', tokensPerMinute: 1_000, ...quota }],
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
});
