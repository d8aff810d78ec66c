import { describe, expect, it } from 'vitest';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { explainCell } from '../../../console/availability/explain-cell.ts';

const name = 'anthropic.claude-v1:0';
const owner = { who: 'account-owner', text: 'Accept the agreement.' } as const;
const blocked = (account: string) =>
  anAvailabilityTarget({
    account,
    region: 'eu-central-1',
    modelId: name,
    state: 'no-agreement',
    reasons: ['no-agreement', 'agreement-not-available', 'of-tomorrow'],
    hint: owner,
  });
const targets = [
  blocked('111111111111'),
  anAvailabilityTarget({ region: 'eu-central-1', modelId: name, state: 'profile-only' }),
  blocked('222222222222'),
  anAvailabilityTarget({
    account: '333333333333',
    region: 'eu-central-1',
    modelId: name,
    profileId: 'eu.anthropic.claude-v1:0',
    scope: 'geo',
    reach: ['eu-central-1', 'eu-west-1'],
  }),
  anAvailabilityTarget({ region: 'us-east-1', modelId: name }),
  anAvailabilityTarget({ region: 'us-west-2', modelId: name, state: 'quota-zero' }),
];
const places = [...targets, { account: '444444444444', region: 'eu-central-1' }];

describe('why a cell is as it is', () => {
  const explained = explainCell(targets, places, { name, region: 'eu-central-1', account: undefined });

  it('tells of accounts that differ in nothing together, those with something to repair first', () => {
    expect(explained.accounts.map(({ accounts, kind }) => [accounts.length, kind])).toEqual([
      [2, 'blocked'],
      [1, 'profile'],
      [1, 'not-offered'],
    ]);
    expect(explained.kind).toBe('profile');
  });

  it('says why, since when and who can repair it, by the words of the target that says most', () => {
    expect(explained.accounts[0]).toMatchObject({
      state: 'the model agreement is not accepted',
      reasons: [
        { code: 'agreement-not-available', text: expect.stringContaining('no agreement') },
        { code: 'of-tomorrow', text: undefined },
      ],
      since: '2026-11-21T07:00:00.000Z',
      who: 'account-owner',
      hint: owner.text,
      ways: [],
    });
    expect(explained.accounts[2]).toMatchObject({ since: undefined, who: 'nobody' });
  });

  it('says by what it can be called, and where else', () => {
    expect(explained.accounts[1]?.ways).toEqual([
      { id: 'eu.anthropic.claude-v1:0', reach: ['eu-central-1', 'eu-west-1'] },
    ]);
    expect(explained.elsewhere).toEqual(['us-east-1']);
  });

  it('is of one account where one is asked about', () => {
    const one = explainCell(targets, places, { name, region: 'eu-central-1', account: '222222222222' });
    expect(one.accounts.map(({ accounts }) => accounts)).toEqual([['222222222222']]);
    expect(one.kind).toBe('blocked');
  });
});
