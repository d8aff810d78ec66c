import { type MetricDefinition, type MetricShape, metricRegistry } from '../metrics/registry.ts';
import { type Biller, lineAt } from './bill-setting.ts';
import { partOf } from './deployed-stack.ts';

/**
 * Custom metrics by who writes them. The registry counts for the whole configuration; every count is a sum over places or
 * over gateways, so that one of them costs what it adds. Together the stacks of a deployment have what the registry says.
 */
export const billMetrics: Biller = (stack, setting) => {
  const part = partOf(stack);
  const { shape } = setting;
  if (part === 'Discovery') {
    const others = { ...shape, accountRegions: shape.accountRegions - 1 };
    const own = countOf(shape, ['discover', 'metric sink']) - countOf(others, ['discover', 'metric sink']);
    return lineAt(setting, { item: 'cloudwatch-metric', of: 'discovery', quantity: own });
  }
  if (part === 'Gateway') {
    const auditedGateways = Math.min(1, shape.auditedGateways);
    const own = countOf({ ...shape, gateways: 1, auditedGateways }, ['gateway', 'dispatch']);
    return lineAt(setting, { item: 'cloudwatch-metric', of: 'gateway', quantity: own });
  }
  if (part !== 'Control' || !isAtWork(stack.resources)) return [];
  const once = countOf({ ...shape, accountRegions: 0 }, ['metric sink']);
  return lineAt(setting, {
    item: 'cloudwatch-metric',
    of: 'control',
    quantity: countOf(shape, ['plan', 'verify']) + once,
  });
};

/** A region that stands by publishes nothing. */
const isAtWork = (resources: Parameters<Biller>[0]['resources']): boolean =>
  resources.some(
    ({ type, properties }) => type === 'AWS::Scheduler::Schedule' && properties.State !== 'DISABLED',
  );

function countOf(shape: MetricShape, writers: readonly MetricDefinition['writer'][]): number {
  return metricRegistry
    .filter(({ writer }) => writers.includes(writer))
    .reduce((sum, { countMax }) => sum + countMax(shape), 0);
}
