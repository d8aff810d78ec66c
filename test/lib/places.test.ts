import { describe, expect, it } from 'vitest';
import { discoveredPlaces, gatewayPlaces, ownerOf } from '#lib/places.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

const first = '111111111111';
const second = '222222222222';

const shared = (traffic: boolean) =>
  checkedConfig({
    ...acme,
    accounts: [
      { id: first, regions: ['us-east-1', 'eu-west-1'] },
      { id: second, regions: ['eu-west-1', 'eu-central-1'], traffic },
    ],
    gateways: ['eu-west-1', 'eu-central-1'],
  });

describe('places', () => {
  it('gives a region to the first account that lists it', () => {
    expect(ownerOf(shared(true), 'eu-west-1')).toBe(first);
    expect(ownerOf(shared(true), 'sa-east-1')).toBeUndefined();
    expect(gatewayPlaces(shared(true))).toEqual([
      { account: first, region: 'eu-west-1' },
      { account: second, region: 'eu-central-1' },
    ]);
  });

  it('discovers every region of every account', () => {
    expect(discoveredPlaces(shared(false))).toHaveLength(4);
  });
});
