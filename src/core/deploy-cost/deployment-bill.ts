import type { MicroUsd } from '../units/micro-usd.ts';
import { billAudit } from './bill-audit.ts';
import type { BillLine } from './bill-line.ts';
import { billMetrics } from './bill-metrics.ts';
import { billPipeline } from './bill-pipeline.ts';
import { billResources, isPriced } from './bill-resources.ts';
import { billSchedules } from './bill-schedules.ts';
import type { Biller, BillSetting } from './bill-setting.ts';
import { billTables } from './bill-tables.ts';
import { billObservation, billRequests, billTriggers } from './bill-traffic.ts';
import { type DeployedStack, partOf } from './deployed-stack.ts';

/** What a stack costs a month, by item. */
interface StackBill {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly part: string;
  readonly lines: readonly BillLine[];
  readonly microUsd: MicroUsd;
}

/** One item of one part, over all of its stacks. */
export interface BillItem extends BillLine {
  readonly part: string;
}

export interface DeploymentBill {
  readonly stacks: readonly StackBill[];
  /** Dearest first within each part. */
  readonly items: readonly BillItem[];
  readonly microUsd: MicroUsd;
  /** What the dearest account and region takes for discovery; 0 without any. */
  readonly discoveryMicroUsdMax: MicroUsd;
  /** Resources that cost money which nobody reckoned with, by type. */
  readonly notPriced: readonly { readonly type: string; readonly count: number }[];
}

/** A new way to cost money is one file and one line here. */
const billers: readonly Biller[] = [
  billResources,
  billSchedules,
  billTriggers,
  billObservation,
  billTables,
  billRequests,
  billAudit,
  billPipeline,
  billMetrics,
];

/** What a deployment costs a month. @throws RangeError for a schedule or price that is not known. */
export function deploymentBill(deployed: readonly DeployedStack[], setting: BillSetting): DeploymentBill {
  const stacks = deployed.map((stack) => billOf(stack, setting));
  const discovery = stacks.filter(({ part }) => part === 'Discovery');
  return {
    stacks,
    items: itemsOf(stacks),
    microUsd: sumOf(stacks),
    discoveryMicroUsdMax: Math.max(0, ...discovery.map(({ microUsd }) => microUsd)),
    notPriced: notPricedOf(deployed),
  };
}

function billOf(stack: DeployedStack, setting: BillSetting): StackBill {
  const lines = billers.flatMap((bill) => bill(stack, setting));
  const { id, account, region } = stack;
  return { stack: id, account, region, part: partOf(stack), lines, microUsd: sumOf(lines) };
}

export function sumOf(parts: readonly { readonly microUsd: MicroUsd }[]): MicroUsd {
  return parts.reduce((sum, { microUsd }) => sum + microUsd, 0);
}

function itemsOf(stacks: readonly StackBill[]): readonly BillItem[] {
  const items = new Map<string, BillItem>();
  for (const { part, lines } of stacks)
    for (const line of lines) {
      const key = `${part} ${line.item} ${line.of}`;
      const known = items.get(key) ?? { ...line, part, quantity: 0, microUsd: 0 };
      items.set(key, {
        ...known,
        quantity: known.quantity + line.quantity,
        microUsd: known.microUsd + line.microUsd,
      });
    }
  return [...items.values()].sort(
    (left, right) => compare(left.part, right.part) || right.microUsd - left.microUsd,
  );
}

function notPricedOf(deployed: readonly DeployedStack[]): DeploymentBill['notPriced'] {
  const counts = new Map<string, number>();
  for (const { type } of deployed.flatMap(({ resources }) => resources))
    if (!isPriced(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => compare(a.type, b.type));
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
