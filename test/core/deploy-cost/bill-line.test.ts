import { describe, expect, it } from 'vitest';
import { billLine } from '#core/deploy-cost/bill-line.ts';
import { shippedAwsPrices } from '#runtime/aws-prices-data.ts';

const prices = shippedAwsPrices();

describe('billLine', () => {
  it('is exact where a double is not, and rounds the line once', () => {
    const duration = prices.priceOf('lambda-duration');
    // 27,594,000 runs of 3 s with 512 MiB: 41,391,000 GB-seconds at USD 0.0000133334.
    expect(billLine(duration, 'discover', 27_594_000 * 3_000 * 512).microUsd).toBe(551_882_759);
    expect(billLine(prices.priceOf('scheduler-invocation'), 'a', 1).microUsd).toBe(1);
    expect(billLine(prices.priceOf('dynamodb-write'), 'a', 1).microUsd).toBe(1);
    expect(billLine(prices.priceOf('dynamodb-read'), 'a', 4).microUsd).toBe(0);
  });

  it('bills a begun unit as a whole one, and refuses what is no quantity', () => {
    expect(billLine(prices.priceOf('cloudwatch-alarm'), 'a', 1.2).quantity).toBe(2);
    for (const quantity of [-1, Number.NaN, Number.MAX_SAFE_INTEGER + 1])
      expect(() => billLine(prices.priceOf('kms-key'), 'a', quantity)).toThrow(
        'a quantity is a whole number',
      );
  });
});
