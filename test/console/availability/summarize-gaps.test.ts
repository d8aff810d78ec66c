import { describe, expect, it } from 'vitest';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { summarizeGaps } from '../../../console/availability/summarize-gaps.ts';

const target = (
  modelId: string,
  region: string,
  state: string,
  who: 'account-owner' | 'aws-support' | 'nobody',
) => anAvailabilityTarget({ modelId, region, state, hint: { who, text: state } });

describe('the gaps of what is shown', () => {
  it('are gathered by reason, what the owner can repair first, without what is not offered or answered otherwise', () => {
    const gaps = summarizeGaps([
      target('a.one', 'us-east-1', 'not-authorized', 'aws-support'),
      target('a.one', 'eu-west-1', 'no-agreement', 'account-owner'),
      target('a.two', 'eu-west-1', 'no-agreement', 'account-owner'),
      target('a.two', 'us-east-1', 'no-agreement', 'account-owner'),
      target('a.three', 'us-east-1', 'quota-zero', 'account-owner'),
      target('a.four', 'us-east-1', 'not-offered', 'nobody'),
      target('a.five', 'us-east-1', 'denied', 'account-owner'),
      { ...target('a.five', 'us-east-1', 'available', 'nobody'), profileId: 'us.a.five' },
    ]);
    expect(
      gaps.map(({ who, hint, modelCount, regionCount }) => [who, hint, modelCount, regionCount]),
    ).toEqual([
      ['account-owner', 'no-agreement', 2, 2],
      ['account-owner', 'quota-zero', 1, 1],
      ['aws-support', 'not-authorized', 1, 1],
    ]);
    expect(gaps[0]?.example).toEqual({ account: '111111111111', region: 'eu-west-1', name: 'a.one' });
  });
});
