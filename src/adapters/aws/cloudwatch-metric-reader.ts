/** Reads what CloudWatch has of the product's own metrics, all pages. Every method throws the SDK's own error. */
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { type AccountProbeOptions, clientSettingsOf } from './account-probe.ts';

/** One metric under one set of dimensions. */
interface MetricSeries {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `p95`, … as CloudWatch spells it. */
  readonly statistic: string;
  /** Of each value; 60 or a multiple of it. */
  readonly periodSeconds: number;
}

interface MetricValue {
  /** When the period begins. */
  readonly atSeconds: number;
  readonly value: number;
}

export interface MetricReader {
  /** The values of each series in the order asked for, by rising time; periods without data have none. */
  loadSeries(
    series: readonly MetricSeries[],
    window: { readonly startSeconds: number; readonly endSeconds: number },
  ): Promise<readonly (readonly MetricValue[])[]>;
  close(): void;
}

/** AWS takes so many queries a call. */
const QUERIES_MAX = 500;

export function createMetricReader(options: AccountProbeOptions): MetricReader {
  const client = new CloudWatchClient(clientSettingsOf(options));
  return {
    async loadSeries(series, window) {
      const loaded: (readonly MetricValue[])[] = [];
      for (let from = 0; from < series.length; from += QUERIES_MAX) {
        loaded.push(...(await loadBatch(client, series.slice(from, from + QUERIES_MAX), window)));
      }
      return loaded;
    },
    close: () => client.destroy(),
  };
}

async function loadBatch(
  client: CloudWatchClient,
  series: readonly MetricSeries[],
  { startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number },
): Promise<readonly (readonly MetricValue[])[]> {
  const values: MetricValue[][] = series.map(() => []);
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: series.map(queryOf),
        StartTime: new Date(startSeconds * 1_000),
        EndTime: new Date(endSeconds * 1_000),
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      Timestamps.forEach((time, index) => {
        values[Number(Id.slice(1))]?.push({ atSeconds: time.getTime() / 1_000, value: Values[index] ?? 0 });
      });
    }
    token = page.NextToken;
  } while (token !== undefined && token !== '');
  return values;
}

function queryOf(series: MetricSeries, index: number): MetricDataQuery {
  const { namespace, name, dimensions, statistic, periodSeconds } = series;
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}
