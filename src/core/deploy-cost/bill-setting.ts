import type { AwsPrices } from '../facts/compile-aws-prices.ts';
import type { MetricShape } from '../metrics/registry.ts';
import { type BillLine, billLine } from './bill-line.ts';
import type { DeployedStack } from './deployed-stack.ts';
import type { Usage } from './usage.ts';

/** What every line of a bill is made with. */
export interface BillSetting {
  /** The deployment's name, with which physical names begin. */
  readonly deployment: string;
  readonly prices: AwsPrices;
  readonly shape: MetricShape;
  readonly usage: Usage;
  /** Of the configuration: a change of one model is published once for each. */
  readonly residencies: number;
}

/** One file each: what of a stack costs money in one way. */
export type Biller = (stack: DeployedStack, setting: BillSetting) => readonly BillLine[];

/** A line at a price of the facts; none for nothing. */
export function lineAt(
  { prices }: BillSetting,
  { item, of, quantity }: Pick<BillLine, 'item' | 'of' | 'quantity'>,
): readonly BillLine[] {
  return quantity === 0 ? [] : [billLine(prices.priceOf(item), of, quantity)];
}
