import { describe, expect, it } from 'vitest';
import type { ResidencyMap } from '#contract/residencies.ts';
import { readWent, tellWent } from '../../../console/map/read-went.ts';

const map: ResidencyMap = {
  residencies: [
    { name: 'eu', lawful: ['eu-central-1', 'eu-west-1'] },
    { name: 'anywhere', lawful: 'any' },
  ],
  regions: [],
  gateways: [],
};
const visit = (residency: string, region: string, asked: number, answered = asked) => ({
  residency,
  region,
  asked,
  answered,
});
const said = (residency: string, ...went: ReturnType<typeof visit>[]): string =>
  tellWent(readWent({ went }, map, residency), residency).join(' ');

describe('where calls went', () => {
  it('is told of one residency, by region, and that none went outside', () => {
    expect(
      said(
        'eu',
        visit('eu', 'eu-west-1', 9),
        visit('anywhere', 'us-east-1', 8),
        visit('eu', 'eu-central-1', 2, 0),
      ),
    ).toBe(
      'In the last minute calls went to eu-west-1 9, eu-central-1 2; 9 were answered. ✓ None went outside eu.',
    );
    expect(said('anywhere', visit('anywhere', 'us-east-1', 8))).toContain('✓ None went outside anywhere.');
  });

  it('says so where one went outside, and where none came', () => {
    expect(said('eu', visit('eu', 'us-east-1', 1))).toContain('✗ Outside eu: us-east-1.');
    expect(said('eu', visit('anywhere', 'us-east-1', 1))).toBe(
      'In the last minute no call under eu came by.',
    );
  });
});
