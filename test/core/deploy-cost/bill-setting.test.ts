import { describe, expect, it } from 'vitest';
import { lineAt } from '#core/deploy-cost/bill-setting.ts';
import { billSetting } from '#test/builders/a-deployed-stack.ts';

describe('lineAt', () => {
  it('makes no line of nothing', () => {
    expect(lineAt(billSetting, { item: 'kms-key', of: 'gateway', quantity: 0 })).toEqual([]);
    expect(lineAt(billSetting, { item: 'kms-key', of: 'gateway', quantity: 2 })).toEqual([
      { item: 'kms-key', of: 'gateway', quantity: 2, microUsd: 2_000_000 },
    ]);
  });
});
