import type { MicroUsd } from '../units/micro-usd.ts';

/** What AWS charges for one kind of use. */
export interface UnitPrice {
  readonly id: string;
  /** For `per` units. */
  readonly microUsd: MicroUsd;
  readonly per: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly source: string;
  /** When the source was read. */
  readonly asOf: string;
}

/** The parsed data/aws-prices.json. */
export interface AwsPricesInput {
  readonly region: string;
  readonly prices: readonly UnitPrice[];
}

export interface AwsPrices {
  /** Whose prices they are. Others differ, most of them upwards. */
  readonly region: string;
  /** @throws RangeError for an id that the facts do not hold. */
  priceOf(id: string): UnitPrice;
}

export function compileAwsPrices({ region, prices }: AwsPricesInput): AwsPrices {
  const byId = new Map(prices.map((price) => [price.id, price]));
  return {
    region,
    priceOf: (id) => {
      const price = byId.get(id);
      if (price !== undefined) return price;
      throw new RangeError(`data/aws-prices.json: no price ${id}; there are ${[...byId.keys()].join(', ')}`);
    },
  };
}
