import { describe, expect, it } from 'vitest';
import { orderBaseline } from '#core/baseline/order-baseline.ts';
import { baselineOf, resolveBaselines } from '#core/baseline/resolve-baselines.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';

describe('the baseline of one gateway', () => {
  const published = baselineOf(
    resolveBaselines({ ...acmeConfig(), facts }).entries,
    'chat-small',
    'anywhere',
  );

  it('begins with targets of its own account and keeps the published order otherwise', () => {
    expect(orderBaseline(published, '222222222222').map(({ region }) => region)).toEqual([
      'eu-central-1',
      'eu-north-1',
      'us-east-1',
      'us-west-2',
      'ap-northeast-1',
    ]);
  });

  it('loses nothing and is unchanged for an account without targets', () => {
    expect(orderBaseline(published, '999999999999')).toEqual(published);
    expect(new Set(orderBaseline(published, '333333333333'))).toEqual(new Set(published));
  });
});
