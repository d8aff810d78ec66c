import { type Alarm, type CompositeAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { compositeAlarm, metricAlarm } from '#core/alarms/alarm-catalogue.ts';
import { alarmName } from '../deployment-names.ts';
import { alarmSettingsOf } from './alarm-settings.ts';
import { createHouseAlarm, createHouseComposite } from './house-alarm.ts';
import { registeredMetric } from './registered-metric.ts';

export interface PlanAlarmsProps {
  readonly config: SpillwayConfig;
  /** Of plan's function, by the ids of the catalogue: they share a call with what the guard refuses. */
  readonly ofFunction: Readonly<Record<string, Alarm>>;
}

/** What plan says about routes that nobody complains of yet: all answers still come. */
export class PlanAlarms extends Construct {
  readonly all: readonly Alarm[];
  /** Calls once for all that keeps routes as they are. */
  readonly routesStandStill: CompositeAlarm;
  readonly #config: SpillwayConfig;

  constructor(scope: Construct, id: string, { config, ofFunction }: PlanAlarmsProps) {
    super(scope, id);
    this.#config = config;
    const guard = this.#create('guard-refusals-standing', 'GuardRefusalsStanding');
    this.all = [
      guard,
      this.#create('regions-silent', 'RegionsSilent'),
      this.#create('bad-items', 'BadItems'),
      this.#create('plan-unmeasured', 'DiscoveryAge'),
    ];
    this.routesStandStill = createHouseComposite(this, 'RoutesStandStill', {
      definition: compositeAlarm(alarmSettingsOf(config), 'routes-stand-still'),
      alarmName: alarmName(config.name, 'routes-stand-still'),
      members: { ...ofFunction, 'guard-refusals-standing': guard },
      topicName: config.observability.alarmTopic,
    });
  }

  #create(known: string, id: string): Alarm {
    const config = this.#config;
    const definition = metricAlarm(alarmSettingsOf(config), known);
    return createHouseAlarm(this, id, {
      ...{ definition, alarmName: alarmName(config.name, known) },
      metrics: Object.fromEntries(
        Object.entries(definition.signal.metrics).map(([name, metric]) => [
          name,
          new Metric(registeredMetric(metric, { Account: config.accounts[0]?.id ?? config.home.account })),
        ]),
      ),
      topicName: config.observability.alarmTopic,
    });
  }
}
