import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { metricAlarm } from '#core/alarms/alarm-catalogue.ts';
import { alarmName } from '../deployment-names.ts';
import { alarmSettingsOf } from '../monitoring/alarm-settings.ts';
import { createHouseAlarm } from '../monitoring/house-alarm.ts';
import { messagesWaiting, oldestMessageSeconds } from '../monitoring/queue-metrics.ts';

export interface BulkAlarmsProps {
  readonly config: SpillwayConfig;
  /** Where batches wait to be read and put together. */
  readonly batchQueue: Queue;
  /** Where chunks of lines wait, by model. */
  readonly bulkQueues: ReadonlyMap<string, Queue>;
  readonly deadQueue: Queue;
}

/** A queue's metric, and the model whose queue it is. */
interface Watched {
  readonly worst: Metric;
  readonly model?: string;
}

/**
 * What has to be looked at although nobody complains: nobody waits for a batch. Each says what it means and what to do
 * first.
 */
export class BulkAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { config, batchQueue, bulkQueues, deadQueue }: BulkAlarmsProps) {
    super(scope, id);
    const alarm = (name: string, known: string, watched: Watched): Alarm =>
      createHouseAlarm(this, name, {
        definition: metricAlarm(alarmSettingsOf(config), known),
        alarmName: alarmName(config.name, known.replace('{model}', watched.model ?? '')),
        metrics: { worst: watched.worst },
        words: watched.model === undefined ? {} : { model: watched.model },
        topicName: config.observability.alarmTopic,
      });
    this.all = [
      ...[...bulkQueues].map(([model, queue]) =>
        alarm(`Uncalled-${model}`, 'bulk-{model}-waits', { worst: oldestMessageSeconds(queue), model }),
      ),
      alarm('Unread', 'batches-waits', { worst: oldestMessageSeconds(batchQueue) }),
      alarm('Dead', 'batches-dead', { worst: messagesWaiting(deadQueue) }),
    ];
  }
}
