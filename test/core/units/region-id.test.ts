import { describe, expect, it } from 'vitest';
import { isRegionId } from '#core/units/region-id.ts';
import regions from '#data/regions.json' with { type: 'json' };

describe('a region code', () => {
  it('is accepted for every region of the facts', () => {
    expect(regions.regions.filter((row) => !isRegionId(row.code))).toEqual([]);
  });

  it('is accepted for codes that no table knows yet', () => {
    for (const code of [
      'xx-north-9',
      'us-gov-west-1',
      'eusc-de-east-1',
      'us-isob-east-1',
      'ap-southeast-12',
    ]) {
      expect(isRegionId(code), code).toBe(true);
    }
  });

  it('is refused when it cannot be one', () => {
    const wrong = [
      '',
      '*',
      'eu',
      'EU-CENTRAL-1',
      'eu-central',
      'eu-central-1 ',
      'eu-central-1a',
      'eu_central_1',
      'aws-global',
      1,
      null,
    ];
    for (const code of wrong) expect(isRegionId(code), String(code)).toBe(false);
    expect(isRegionId(`eu-${'c'.repeat(40)}-1`)).toBe(false);
  });
});
