import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCloudWatchMetricSink } from '#adapters/aws/cloudwatch-metric-sink.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';

let local: LocalClients;
beforeAll(async () => {
  local = await openLocalClients();
});
afterEach(() => local.control('DELETE', '/_local/faults'));
afterAll(() => local.close());

const point = (region: string, name = 'DiscoveryErrors'): MetricPoint => ({
  namespace: 'Spillway/Availability',
  name,
  unit: 'Count',
  value: 1,
  dimensions: { Account: '111111111111', Region: region },
  at: Date.now(),
});

const calls = async (): Promise<readonly unknown[]> => {
  const journal = await local.control('GET', '/_local/journal?service=monitoring');
  return Array.isArray(journal) ? journal.filter((entry) => entry.operation === 'PutMetricData') : [];
};

function open(region: string, beside?: MetricSink) {
  const client = new CloudWatchClient(local.settings(region));
  const events: string[] = [];
  const sink = createCloudWatchMetricSink({
    client,
    clock: systemClock,
    log: { write: (_level, event) => void events.push(event) },
    beside,
  });
  return { client, sink, events };
}

describe('CloudWatch', () => {
  it('takes any number of points, at most a thousand a call', async () => {
    const { sink, client } = open('us-east-1');
    await local.control('DELETE', '/_local/journal');
    await sink.publish(Array.from({ length: 2_100 }, (_, index) => point(`xx-test-${index % 50}`)));
    expect(await calls()).toHaveLength(3);
    const { Metrics = [] } = await client.send(
      new ListMetricsCommand({ Namespace: 'Spillway/Availability' }),
    );
    expect(Metrics).toHaveLength(50);
  });

  it('is not asked for nothing', async () => {
    await local.control('DELETE', '/_local/journal');
    await open('us-east-1').sink.publish([]);
    expect(await calls()).toEqual([]);
  });

  it('never fails its caller, and tells with the next success how many points were lost', async () => {
    const { sink, client, events } = open('eu-central-1');
    await local.control('PUT', '/_local/faults', [{ service: 'monitoring', kind: 'throttle' }]);
    await sink.publish([point('a'), point('b')]);
    expect(events).toEqual(['metrics-lost']);
    await local.control('DELETE', '/_local/faults');
    await sink.publish([point('c'), point('d', 'Invented')]);
    const { Metrics = [] } = await client.send(
      new ListMetricsCommand({ Namespace: 'Spillway/Availability' }),
    );
    expect(Metrics.map((metric) => metric.MetricName).sort()).toEqual(['DiscoveryErrors', 'PointsLost']);
  });

  it('tells whoever stands beside it the same once, also what was lost on the way to it', async () => {
    const told: string[] = [];
    const beside = {
      publish: async (points: readonly MetricPoint[]) => {
        told.push(...points.map(({ name, value }) => `${name} ${value}`));
      },
    };
    const { sink } = open('eu-central-1', beside);
    await local.control('PUT', '/_local/faults', [{ service: 'monitoring', kind: 'throttle' }]);
    await sink.publish([point('a'), point('b', 'Invented')]);
    await local.control('DELETE', '/_local/faults');
    await sink.publish([point('c')]);
    expect(told).toEqual(['DiscoveryErrors 1', 'DiscoveryErrors 1', 'PointsLost 2']);
  });
});
