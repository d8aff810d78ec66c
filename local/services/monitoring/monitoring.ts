/**
 * The stand-in's CloudWatch metrics: takes PutMetricData within its limits, lists metrics and evaluates statistics.
 * Alarms are kept, and stand in the state that they are set to.
 *
 * Invariant: one store per account and region, in memory; a request that breaks a limit stores nothing.
 */
import * as client from '@aws-sdk/client-cloudwatch';
import type { ServiceDefinition } from '../../service.ts';
import { AlarmStore } from './alarm-store.ts';
import { getMetricData } from './get-metric-data.ts';
import { listMetrics } from './list-metrics.ts';
import { MetricStore } from './metric-store.ts';
import { putMetricData } from './put-metric-data.ts';

export function createMonitoringService(): ServiceDefinition {
  const stores = new Map<string, MetricStore>();
  const storeOf = ({ account, region }: { account: string; region: string }): MetricStore => {
    const place = `${account}/${region}`;
    const store = stores.get(place) ?? new MetricStore();
    stores.set(place, store);
    return store;
  };
  const alarms = new Map<string, AlarmStore>();
  const alarmsOf = ({ account, region }: { account: string; region: string }): AlarmStore => {
    const place = `${account}/${region}`;
    const store = alarms.get(place) ?? new AlarmStore();
    alarms.set(place, store);
    return store;
  };
  return {
    service: 'monitoring',
    signingNames: ['monitoring'],
    client,
    operations: {
      PutMetricData: (input, context) => putMetricData(storeOf(context), input, context),
      ListMetrics: (input, context) => listMetrics(storeOf(context), input),
      GetMetricData: (input, context) => getMetricData(storeOf(context), input),
      PutMetricAlarm: (input, context) => alarmsOf(context).put(input),
      SetAlarmState: (input, context) => alarmsOf(context).setState(input),
      DescribeAlarms: (input, context) => alarmsOf(context).describe(input),
    },
    questionsOf: ({ Namespace }, { operation, account }) => [
      {
        action: `cloudwatch:${operation}`,
        resource: '*',
        account,
        ...(typeof Namespace === 'string' ? { context: { 'cloudwatch:namespace': Namespace } } : {}),
      },
    ],
    targetOf: (_, { Namespace }) => (typeof Namespace === 'string' ? Namespace : undefined),
  };
}
