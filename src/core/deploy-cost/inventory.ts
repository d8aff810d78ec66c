import type { DeployedStack } from './deployed-stack.ts';

/** What an account gets in a stack. */
interface InventoryStack {
  readonly stack: string;
  readonly region: string;
  /** Resources by kind: `Lambda::Function`. */
  readonly resources: Readonly<Record<string, number>>;
}

export interface InventoryAccount {
  readonly account: string;
  readonly regions: readonly string[];
  readonly stacks: readonly InventoryStack[];
}

/** Account by account, in the order in which stacks are listed. */
export function inventoryOf(deployed: readonly DeployedStack[]): readonly InventoryAccount[] {
  const accounts = new Map<string, DeployedStack[]>();
  for (const stack of deployed) accounts.set(stack.account, [...(accounts.get(stack.account) ?? []), stack]);
  return [...accounts].map(([account, stacks]) => ({
    account,
    regions: [...new Set(stacks.map(({ region }) => region))].sort(),
    stacks: stacks.map(({ id, region, resources }) => ({
      stack: id,
      region,
      resources: countByKind(resources.map(({ type }) => type.replace(/^AWS::/, ''))),
    })),
  }));
}

export function countByKind(kinds: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of [...kinds].sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
