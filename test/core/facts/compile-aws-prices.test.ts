import { describe, expect, it } from 'vitest';
import { compileAwsPrices } from '#core/facts/compile-aws-prices.ts';
import prices from '#data/aws-prices.json' with { type: 'json' };

describe('compileAwsPrices', () => {
  it('names the price that it does not know, and those that it does', () => {
    expect(() => compileAwsPrices(prices).priceOf('gold')).toThrow(
      /no price gold; there are lambda-request, /,
    );
  });

  it('ships prices in whole micro-USD, each with a source that is told and when it was read', () => {
    const sources = Object.keys(JSON.parse(prices.source));
    for (const { id, microUsd, per, unit, source, asOf } of prices.prices) {
      expect(Number.isSafeInteger(microUsd) && microUsd > 0, id).toBe(true);
      expect(Number.isSafeInteger(per) && per > 0, id).toBe(true);
      expect(
        [unit, asOf].every((text) => text.length > 0),
        id,
      ).toBe(true);
      expect(sources, id).toEqual(expect.arrayContaining(source.split(',')));
    }
    expect(new Set(prices.prices.map(({ id }) => id)).size).toBe(prices.prices.length);
  });
});
