import { describe, expect, it } from 'vitest';
import { configuredIds, servedRegions } from '#core/permissions/served-models.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const first = '111111111111';
const second = '222222222222';

const shared = (traffic: boolean) =>
  acmeConfig({
    accounts: [
      { id: first, regions: ['us-east-1', 'eu-west-1'] },
      { id: second, regions: ['eu-west-1', 'eu-central-1'], traffic },
    ],
    gateways: ['eu-west-1', 'eu-central-1'],
  });

describe('servedRegions', () => {
  it('serves a region of another account only where traffic is shared', () => {
    expect(servedRegions(shared(false), second)).toEqual(['eu-central-1']);
    expect(servedRegions(shared(true), second)).toEqual(['eu-central-1', 'eu-west-1']);
  });

  it('serves a region in which a baseline names the account, and knows the id that it names', () => {
    const id = 'eu.amazon.nova-lite-v1:0';
    const config = acmeConfig({
      models: {
        chat: {
          candidates: ['amazon.nova-pro-v1:0'],
          baseline: { eu: [{ region: 'eu-south-1', account: second, id }] },
        },
      },
    });
    expect(servedRegions(config, second)).toContain('eu-south-1');
    expect(servedRegions(config, first)).not.toContain('eu-south-1');
    expect(configuredIds(config)).toEqual(['amazon.nova-pro-v1:0', id]);
  });
});
