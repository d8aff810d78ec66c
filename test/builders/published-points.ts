/** What the local CloudWatch holds of the product's metrics, asked as a board asks. */
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { metricRegistry } from '#core/metrics/registry.ts';
import { localCredentials } from '#runtime/local-account.ts';

const HOUR_MS = 3_600_000;

export interface PublishedPoints {
  /** How many values the queries show together, from an hour ago on. */
  count(queries: readonly MetricDataQuery[]): Promise<number>;
  /** Whether anything was published of each of these metrics of the registry, under its own dimensions. */
  has(...metrics: readonly string[]): Promise<boolean>;
  close(): void;
}

export function openPublishedPoints(place: {
  readonly awsUrl: string;
  readonly account: string;
  readonly region: string;
}): PublishedPoints {
  const { awsUrl, account, region } = place;
  const client = new CloudWatchClient({ endpoint: awsUrl, region, credentials: localCredentials(account) });
  const count = async (queries: readonly MetricDataQuery[]): Promise<number> => {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [...queries],
        StartTime: new Date(Date.now() - HOUR_MS),
        EndTime: new Date(Date.now() + HOUR_MS),
      }),
    );
    return MetricDataResults.reduce((sum, { Values = [] }) => sum + Values.length, 0);
  };
  const hasOne = async (metric: string): Promise<boolean> => {
    const entry = metricRegistry.find(({ name }) => name === metric);
    if (entry === undefined) throw new Error(`${metric} is no metric of the registry`);
    const schema = [entry.namespace, ...entry.dimensions].join();
    const Expression = `SEARCH('{${schema}} MetricName="${metric}"', 'Sum', 60)`;
    return (await count([{ Id: 'a', Expression }])) > 0;
  };
  return {
    count,
    has: async (...metrics) => (await Promise.all(metrics.map(hasOne))).every((found) => found),
    close: () => client.destroy(),
  };
}
