import type * as client from '@aws-sdk/client-cloudwatch';
import { InvalidInput } from '../../wire/wire-error.ts';
import type { Metric, MetricStore } from './metric-store.ts';
import { readToken, writeToken } from './page-token.ts';

const pageSize = 500;
/** RecentlyActive knows this one window: three hours. */
const recentMs = 3 * 3_600_000;

export function listMetrics(
  store: MetricStore,
  input: client.ListMetricsCommandInput,
): Partial<client.ListMetricsCommandOutput> {
  if (input.IncludeLinkedAccounts === true || input.OwningAccount !== undefined) {
    throw new InvalidInput(['linked accounts are not offered by the local AWS']);
  }
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== 'PT3H') {
    throw new InvalidInput([`RecentlyActive must be PT3H, not ${String(input.RecentlyActive)}`]);
  }
  const found = store.list().filter((metric) => fits(metric, input));
  const from = input.NextToken === undefined ? 0 : readToken(input.NextToken, found.length);
  const page = found.slice(from, from + pageSize);
  return {
    Metrics: page.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions.map((dimension) => ({ Name: dimension.name, Value: dimension.value })),
    })),
    ...(from + pageSize < found.length ? { NextToken: writeToken(from + pageSize) } : {}),
  };
}

function fits(metric: Metric, input: client.ListMetricsCommandInput): boolean {
  if (input.Namespace !== undefined && metric.namespace !== input.Namespace) return false;
  if (input.MetricName !== undefined && metric.name !== input.MetricName) return false;
  if (input.RecentlyActive !== undefined && metric.lastReportedAtMs < Date.now() - recentMs) return false;
  return (input.Dimensions ?? []).every(({ Name, Value }) =>
    metric.dimensions.some(({ name, value }) => name === Name && (Value === undefined || value === Value)),
  );
}
