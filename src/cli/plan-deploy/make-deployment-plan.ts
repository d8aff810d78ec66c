import { assumptionsOf, leftOut } from '#core/deploy-cost/assumptions.ts';
import { type DeploymentBill, deploymentBill } from '#core/deploy-cost/deployment-bill.ts';
import { inventoryOf } from '#core/deploy-cost/inventory.ts';
import type { Usage } from '#core/deploy-cost/usage.ts';
import { metricShapeOf } from '#core/metrics/metric-shape.ts';
import type { CommandContext } from '../command.ts';
import { CommandFailure } from '../usage-error.ts';

export type DeploymentPlan = Awaited<ReturnType<typeof makeDeploymentPlan>>;

/** @throws CommandFailure when no templates can be made */
export async function makeDeploymentPlan(
  { line, runtime }: CommandContext,
  usage: Usage,
  synthContext: Readonly<Record<string, string>>,
) {
  const { config, file } = await runtime.loadConfig(line.text('config'));
  const stacks = await runtime.readInventory(file, synthContext).catch((error: Error) => {
    throw new CommandFailure(error.message, error);
  });
  const bill: DeploymentBill = deploymentBill(stacks, {
    deployment: config.name,
    prices: runtime.awsPrices,
    shape: metricShapeOf(config),
    usage,
    residencies: Object.keys(config.residencies).length,
  });
  return {
    deployment: config.name,
    discoveryEverySeconds: config.discovery.everySeconds,
    accounts: inventoryOf(stacks),
    bill,
    pricesOf: runtime.awsPrices.region,
    assumptions: assumptionsOf(usage),
    leftOut,
  };
}
