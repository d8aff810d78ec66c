import { invariant } from '../units/invariant.ts';
import type {
  AlarmDefinition,
  AlarmRule,
  AlarmSettings,
  CompositeAlarm,
  MetricAlarm,
} from './alarm-definition.ts';
import { controlAlarms } from './control-alarms.ts';
import { gatewayAlarms } from './gateway-alarms.ts';
import { queueAlarms } from './queue-alarms.ts';
import { scheduledFunctionAlarms } from './scheduled-function-alarms.ts';

/** Every alarm that a configuration has, pages first where they stand together. */
export function alarmCatalogue(settings: AlarmSettings): readonly AlarmDefinition[] {
  return [
    ...gatewayAlarms(settings),
    ...controlAlarms(settings),
    ...scheduledFunctionAlarms(settings),
    ...queueAlarms,
  ];
}

/** @throws InvariantError for an id that stands for no metric alarm of the catalogue */
export function metricAlarm(settings: AlarmSettings, id: string): MetricAlarm {
  const found = alarmCatalogue(settings).find((each) => each.id === id);
  invariant(found?.kind === 'metric', `${id} is no metric alarm of the catalogue`);
  return found;
}

/** @throws InvariantError for an id that stands for no composite alarm of the catalogue */
export function compositeAlarm(settings: AlarmSettings, id: string): CompositeAlarm {
  const found = alarmCatalogue(settings).find((each) => each.id === id);
  invariant(found?.kind === 'composite', `${id} is no composite alarm of the catalogue`);
  return found;
}

/** Ids of the alarms that a rule asks for, each once. */
export function alarmsOfRule(rule: AlarmRule): readonly string[] {
  if (typeof rule === 'string') return [rule];
  return [...new Set(('any' in rule ? rule.any : rule.all).flatMap(alarmsOfRule))];
}
