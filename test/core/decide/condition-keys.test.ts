import { expect, it } from 'vitest';
import { accountRestKey, regionHealthKey } from '#core/decide/condition-keys.ts';
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
