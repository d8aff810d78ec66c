import { describe, expect, it } from 'vitest';
import { regionColumns, shortRegion } from '#contract/region-columns.ts';
import regions from '#data/regions.json' with { type: 'json' };

describe('shortRegion', () => {
  it('shortens as AWS does in availability-zone ids', () => {
    expect(
      ['us-east-1', 'eu-central-1', 'ap-southeast-5', 'us-gov-west-1', 'xx-upper-9'].map(shortRegion),
    ).toEqual(['use1', 'euc1', 'apse5', 'usgw1', 'xxu9']);
  });

  it('gives each known region a code of its own', () => {
    const codes = regions.regions.map((row) => shortRegion(row.code));
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('regionColumns', () => {
  it('groups by geography, unknown areas last', () => {
    const columns = regionColumns([
      'zz-north-9',
      'ap-south-1',
      'eu-west-1',
      'ca-west-1',
      'us-east-1',
      'us-east-1',
    ]);
    expect(columns.map(({ geography, code }) => `${geography} ${code}`)).toEqual([
      'Americas use1',
      'Americas caw1',
      'Europe euw1',
      'Asia Pacific aps1',
      'Other zzn9',
    ]);
  });
});
