import { describe, expect, it } from 'vitest';
import { AccountSettingsBook } from '#local/world/account-settings.ts';
import { accountSettingsControl } from '#local/world/account-settings-control.ts';

const region = 'eu-west-1';
const account = '222222222222';
const book = new AccountSettingsBook();
const call = (method: string, body?: unknown) =>
  accountSettingsControl(book).methods[method]?.(body, new URLSearchParams());

describe('/_local/account-settings', () => {
  it('changes one account over all of them, setting by setting', () => {
    call('PATCH', [
      { region, retentionMode: 'none', logGroup: 'all' },
      { region, account, retentionMode: 'provider_data_share' },
    ]);
    expect(book.of(account, region)).toEqual({
      ...{ region, account },
      ...{ retentionMode: 'provider_data_share', logGroup: 'all' },
    });
    expect(book.of('111111111111', region).retentionMode).toBe('none');
    expect(book.of(account, 'eu-west-3')).toEqual({ region: 'eu-west-3', account });
    expect(call('GET')).toHaveLength(2);
    expect(call('DELETE')).toEqual([]);
  });

  it('refuses what it does not know, says all that is wrong and changes nothing', () => {
    const wrong = [
      { region, retentionMode: 'share' },
      { logGroup: '' },
      { region, guardrails: [{ id: 'a', profileId: 'eu.model' }] },
      { region, guardrails: [{ id: 'a', on: true }] },
    ];
    expect(() => call('PATCH', wrong)).toThrow(
      /^\[0\]\.retentionMode: .*; \[1\]\.region: is required; \[1\]\.logGroup: .*; \[2\]\.guardrails: .*; \[3\]\.guardrails: /,
    );
    expect(call('GET')).toEqual([]);
  });
});
