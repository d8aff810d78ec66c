/** CloudWatch custom metrics, inside PutMetricData's limits. Losing points costs a caller nothing; they are counted. */
import {
  type CloudWatchClient,
  type MetricDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { metricPoint } from '#core/metrics/metric-point.ts';
import { findMetric } from '#core/metrics/registry.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';

/** AWS allows 1,000 metrics and 1 MB a call. */
const DATUMS_MAX = 1_000;
const BYTES_MAX = 900_000;
const CALL_MS_MAX = 5_000;

export function createCloudWatchMetricSink(options: {
  readonly client: CloudWatchClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes the same points, whether or not CloudWatch does. @default nobody */
  readonly beside?: MetricSink | undefined;
}): MetricSink {
  const { client, clock, log, beside } = options;
  let lost = 0;
  return {
    async publish(points) {
      const known = points.filter((point) => findMetric(point.namespace, point.name) !== undefined);
      lost += points.length - known.length;
      await beside?.publish(known);
      for (const batch of batchesOf([...known, ...lostPoint(lost, clock.now())])) {
        const own = batch.filter((point) => point.name !== 'PointsLost');
        const told = batch.length > own.length;
        try {
          await send(client, batch);
          if (!told) continue;
          lost = 0;
          await beside?.publish(batch.filter((point) => !own.includes(point)));
        } catch (error) {
          lost += own.length;
          log.write('warn', 'metrics-lost', {
            points: own.length,
            error: error instanceof Error ? error.name : 'unknown',
          });
        }
      }
    },
  };
}

/** What was lost before, told with the next points that arrive. */
function lostPoint(lost: number, at: number): readonly MetricPoint[] {
  const point = metricPoint({ namespace: 'Spillway/Availability', name: 'PointsLost', value: lost, at });
  return point === undefined ? [] : [point];
}

async function send(client: CloudWatchClient, batch: readonly MetricPoint[]): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  await client.send(
    new PutMetricDataCommand({ Namespace: first.namespace, MetricData: batch.map(datumOf) }),
    { abortSignal: AbortSignal.timeout(CALL_MS_MAX) },
  );
}

function datumOf(point: MetricPoint): MetricDatum {
  return {
    MetricName: point.name,
    Dimensions: Object.entries(point.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Timestamp: new Date(point.at),
    Value: point.value,
    Unit: point.unit as StandardUnit,
  };
}

/** One namespace a call, in the order given, cut before either limit. */
function batchesOf(points: readonly MetricPoint[]): readonly (readonly MetricPoint[])[] {
  const batches: MetricPoint[][] = [];
  for (const namespace of new Set(points.map((point) => point.namespace))) {
    let batch: MetricPoint[] = [];
    let bytes = 0;
    for (const point of points.filter((each) => each.namespace === namespace)) {
      const size = JSON.stringify(datumOf(point)).length;
      if (batch.length === DATUMS_MAX || (batch.length > 0 && bytes + size > BYTES_MAX)) {
        batches.push(batch);
        batch = [];
        bytes = 0;
      }
      batch.push(point);
      bytes += size;
    }
    if (batch.length > 0) batches.push(batch);
  }
  return batches;
}
