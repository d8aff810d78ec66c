import { type Alarm, type CompositeAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { compositeAlarm } from '#core/alarms/alarm-catalogue.ts';
import type { AlarmMetric, MetricAlarm } from '#core/alarms/alarm-definition.ts';
import { gatewayAlarms } from '#core/alarms/gateway-alarms.ts';
import type { SpillwayFunction } from '../constructs/spillway-function.ts';
import { alarmName, functionName, logGroupName } from '../deployment-names.ts';
import { alarmSettingsOf } from './alarm-settings.ts';
import { createHouseAlarm, createHouseComposite } from './house-alarm.ts';
import { registeredMetric } from './registered-metric.ts';

export interface GatewayAlarmsProps {
  readonly config: SpillwayConfig;
  readonly gateway: SpillwayFunction;
  /** Answers 5xx as callers see them. */
  readonly serverErrors: Metric;
}

/** What callers feel, what their answers cost, and whether the gateway can still be seen. */
export class GatewayAlarms extends Construct {
  readonly all: readonly Alarm[];
  /** Calls once for all that callers feel. */
  readonly callersSuffer: CompositeAlarm;

  constructor(scope: Construct, id: string, props: GatewayAlarmsProps) {
    super(scope, id);
    const { config } = props;
    const settings = alarmSettingsOf(config);
    const members = Object.fromEntries(
      gatewayAlarms(settings)
        .filter((each) => each.kind === 'metric')
        .map((definition) => [definition.id, this.#create(props, definition)]),
    );
    this.all = Object.values(members);
    this.callersSuffer = createHouseComposite(this, 'CallersSuffer', {
      definition: compositeAlarm(settings, 'gateway-callers-suffer'),
      alarmName: alarmName(config.name, 'gateway-callers-suffer'),
      members,
      topicName: config.observability.alarmTopic,
    });
  }

  #create(props: GatewayAlarmsProps, definition: MetricAlarm): Alarm {
    const { config } = props;
    return createHouseAlarm(this, constructId(definition.id), {
      ...{ definition, alarmName: alarmName(config.name, definition.id) },
      metrics: Object.fromEntries(
        Object.entries(definition.signal.metrics).map(([id, metric]) => [id, metricOf(props, metric)]),
      ),
      words: { function: functionName(config.name, 'gateway') },
      topicName: config.observability.alarmTopic,
    });
  }
}

/** `gateway-server-errors` is `Server-Errors`: a construct that were called otherwise would be another alarm of the same name. */
const constructId = (id: string): string =>
  id
    .split('-')
    .slice(1)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('-');

function metricOf({ config, gateway, serverErrors }: GatewayAlarmsProps, metric: AlarmMetric): Metric {
  const { namespace, metricName } = metric;
  if (namespace === 'AWS/ApiGateway') return serverErrors;
  if (namespace === 'AWS/Lambda') return gateway.lambda.metric(metricName);
  if (namespace !== 'AWS/Logs') return new Metric(registeredMetric(metric));
  const LogGroupName = logGroupName(functionName(config.name, 'gateway'));
  return new Metric({ namespace, metricName, dimensionsMap: { LogGroupName } });
}
