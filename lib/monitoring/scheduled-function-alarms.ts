import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { metricAlarm } from '#core/alarms/alarm-catalogue.ts';
import type { ScheduledFunctionKind } from '#core/alarms/scheduled-function-alarms.ts';
import type { SpillwayFunction } from '../constructs/spillway-function.ts';
import { alarmName, functionName } from '../deployment-names.ts';
import { alarmSettingsOf } from './alarm-settings.ts';
import { createHouseAlarm } from './house-alarm.ts';

export interface ScheduledFunctionAlarmsProps {
  readonly config: SpillwayConfig;
  readonly kind: ScheduledFunctionKind;
  /** Called by a clock; it keeps its failed calls. */
  readonly watched: SpillwayFunction;
  /**
   * What the function looks at, for its alarms to say.
   * @default - they say nothing of a place
   */
  readonly place?: string;
}

/** What has to be looked at about a function that runs on a clock: it fails, it is held back, it left calls behind, it is silent. */
export class ScheduledFunctionAlarms extends Construct {
  /** For actions, and for gates of a deployment in waves. */
  readonly all: readonly Alarm[];
  /** By the ids of the catalogue. */
  readonly byId: Readonly<Record<string, Alarm>>;

  constructor(scope: Construct, id: string, props: ScheduledFunctionAlarmsProps) {
    super(scope, id);
    const { watched } = props;
    const failedCalls = watched.metricFailedCallsWaiting();
    this.byId = {
      ...this.#create(props, 'Errors', { errors: watched.metricErrors() }),
      ...this.#create(props, 'Throttles', { throttles: watched.metricThrottles() }),
      ...(failedCalls === undefined ? {} : this.#create(props, 'Failed-Calls', { waiting: failedCalls })),
      ...this.#create(props, 'Silent', { invocations: watched.metricInvocations() }),
    };
    this.all = Object.values(this.byId);
  }

  #create(
    { config, kind, place }: ScheduledFunctionAlarmsProps,
    id: string,
    metrics: Readonly<Record<string, Metric>>,
  ): Readonly<Record<string, Alarm>> {
    const known = `${kind}-${id.toLowerCase()}`;
    const alarm = createHouseAlarm(this, id, {
      definition: metricAlarm(alarmSettingsOf(config), known),
      alarmName: alarmName(config.name, known),
      metrics,
      words: { function: functionName(config.name, kind), ...(place === undefined ? {} : { place }) },
      topicName: config.observability.alarmTopic,
    });
    return { [known]: alarm };
  }
}
