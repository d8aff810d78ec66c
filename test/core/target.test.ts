import { describe, expect, it } from 'vitest';
import { quotaPoolOf, targetId, tierOf } from '#core/target.ts';

describe('a target id', () => {
  const place = { account: '111111111111', region: 'us-east-1' };

  it.each([
    [{ ...place, modelId: 'amazon.nova-lite-v1:0' }, '111111111111/us-east-1/amazon.nova-lite-v1:0'],
    [
      { ...place, modelId: 'amazon.nova-lite-v1:0', profileId: 'us.amazon.nova-lite-v1:0' },
      '111111111111/us-east-1/us.amazon.nova-lite-v1:0',
    ],
    [{ ...place, modelId: 'llama', endpoint: 'chat-small' }, '111111111111/us-east-1/chat-small'],
    [
      { ...place, modelId: 'llama', endpoint: 'shared', component: 'llama' },
      '111111111111/us-east-1/shared:llama',
    ],
  ])('names what a call puts on the wire: %o', (address, id) => {
    expect(targetId(address)).toBe(id);
  });
});

describe('a quota pool', () => {
  it('keeps on-demand, geographic and global quotas of one model apart', () => {
    const target = { account: '111111111111', region: 'us-east-1', modelId: 'm' } as const;
    const pools = (['in-region', 'geo', 'global'] as const).map((scope) => quotaPoolOf({ ...target, scope }));
    expect(new Set(pools).size).toBe(3);
    expect(pools[0]).toBe('111111111111/us-east-1/m/on-demand');
    const inRegion = (profileId: string) => quotaPoolOf({ ...target, scope: 'in-region', profileId });
    expect(inRegion('us.m')).toBe(pools[1]);
    expect(inRegion('a1b2c3d4e5f6')).toBe(pools[0]);
  });
});

describe('a tier', () => {
  it('is dedicated for a dedicated scope and serverless for every other', () => {
    expect(tierOf({ scope: 'dedicated' })).toBe('dedicated');
    expect((['in-region', 'geo', 'global'] as const).map((scope) => tierOf({ scope }))).toEqual([
      'serverless',
      'serverless',
      'serverless',
    ]);
  });
});
