/** AWS's prices as they ship with the product; nothing that answers a request needs them. */
import { type AwsPrices, compileAwsPrices } from '#core/facts/compile-aws-prices.ts';
import prices from '#data/aws-prices.json' with { type: 'json' };

export function shippedAwsPrices(): AwsPrices {
  return compileAwsPrices(prices);
}
