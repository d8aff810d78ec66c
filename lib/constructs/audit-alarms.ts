import { Duration } from 'aws-cdk-lib';
import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { metricAlarm } from '#core/alarms/alarm-catalogue.ts';
import { auditUnsent } from '#core/alarms/queue-alarms.ts';
import { invariant } from '#core/units/invariant.ts';
import { alarmName } from '../deployment-names.ts';
import { alarmSettingsOf } from '../monitoring/alarm-settings.ts';
import { createHouseAlarm } from '../monitoring/house-alarm.ts';
import { messagesWaiting, oldestMessageSeconds } from '../monitoring/queue-metrics.ts';
import { registeredMetric } from '../monitoring/registered-metric.ts';

export interface AuditAlarmsProps {
  readonly config: SpillwayConfig;
  /** Where records wait to be sealed. */
  readonly queue: Queue;
  readonly deadQueue: Queue;
  readonly region: string;
}

/**
 * What has to be looked at although nobody complains: no caller notices a record that is missing.
 */
export class AuditAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { config, queue, deadQueue, region }: AuditAlarmsProps) {
    super(scope, id);
    const alarm = (name: string, known: string, metrics: Readonly<Record<string, Metric>>): Alarm =>
      createHouseAlarm(this, name, {
        definition: metricAlarm(alarmSettingsOf(config), known),
        alarmName: alarmName(config.name, known),
        metrics,
        topicName: config.observability.alarmTopic,
      });
    this.all = [
      alarm('Unsealed', 'audit-waits', { worst: oldestMessageSeconds(queue) }),
      alarm('Dead', 'audit-dead', { worst: messagesWaiting(deadQueue) }),
      alarm('Unsent', 'audit-unsent', { unsent: unsentMetric(region) }),
    ];
  }
}

/** Records that gateways could not hand over, as they publish it. */
export function unsentMetric(region: string): Metric {
  const { unsent } = auditUnsent.signal.metrics;
  invariant(unsent !== undefined, 'audit-unsent reads what was not sent');
  const period = Duration.seconds(auditUnsent.periodSeconds);
  return new Metric({ ...registeredMetric(unsent, { Region: region }), statistic: unsent.statistic, period });
}
