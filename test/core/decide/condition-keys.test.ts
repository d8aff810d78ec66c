import { expect, it } from 'vitest';
import { accountRestKey, accountRestKeys, regionHealthKey } from '#core/decide/condition-keys.ts';
import { aTarget } from '#test/builders/a-target.ts';

it('never meets a target id, a quota pool or another key', () => {
  const { id, quotaPool, account, region } = aTarget();
  const keys = [
    id,
    quotaPool,
    regionHealthKey({ account, region }),
    accountRestKey(account),
    accountRestKey(account, region),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

it('are the account’s and the region’s of it, of every target', () => {
  const target = aTarget();
  const keys = [accountRestKey(target.account), accountRestKey(target.account, target.region)];
  expect([accountRestKeys(target), accountRestKeys(target)]).toEqual([keys, keys]);
});
