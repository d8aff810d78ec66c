import { describe, expect, it } from 'vitest';
import {
  ScheduledFunctionAlarms,
  type ScheduledFunctionAlarmsProps,
} from '#lib/monitoring/scheduled-function-alarms.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly ComparisonOperator: string;
}

function alarmsOf(
  changes: Partial<ScheduledFunctionAlarmsProps> = {},
  keepsFailedCalls = true,
): readonly AlarmProperties[] {
  const template = built((stack) => {
    new ScheduledFunctionAlarms(stack, 'Alarms', {
      ...{ config: acme, kind: 'discover', place: '222222222222 in eu-central-1' },
      watched: someFunction(stack, { keepsFailedCalls }),
      ...changes,
    });
  });
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
}

describe('ScheduledFunctionAlarms', () => {
  it('are four: it fails, it is held back, it left calls behind, it is silent', () => {
    const told = alarmsOf().map(
      (alarm) =>
        `${alarm.AlarmName}: ${alarm.MetricName} ${alarm.DatapointsToAlarm}/${alarm.EvaluationPeriods} × ${alarm.Period} s, ${alarm.TreatMissingData}`,
    );
    expect(told.sort()).toEqual([
      'acme-discover-errors: Errors 3/5 × 60 s, notBreaching',
      'acme-discover-failed-calls: ApproximateNumberOfMessagesVisible 1/1 × 300 s, notBreaching',
      'acme-discover-silent: Invocations 3/3 × 60 s, breaching',
      'acme-discover-throttles: Throttles 3/5 × 60 s, notBreaching',
    ]);
  });

  it('go off below one call and at one of anything else', () => {
    for (const { AlarmName, ComparisonOperator } of alarmsOf())
      expect(ComparisonOperator).toBe(
        AlarmName.endsWith('silent') ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      );
  });

  it('look at runs, however far apart they are', () => {
    const config = checkedConfig({ ...acme, discovery: { everySeconds: 900 } });
    const periods = alarmsOf({ config }).map(({ MetricName, Period }) => `${MetricName} ${Period}`);
    expect(periods.sort()).toEqual([
      'ApproximateNumberOfMessagesVisible 300',
      'Errors 900',
      'Invocations 900',
      'Throttles 900',
    ]);
  });

  it('say how urgent each is, and page for failing and silence alone', () => {
    for (const { AlarmName, AlarmDescription } of alarmsOf({ kind: 'plan' })) {
      const severity = /errors|silent/.test(AlarmName) ? 'page' : 'ticket';
      expect(AlarmDescription).toMatch(
        new RegExp(`^Severity: ${severity}\\. Owner: platform\\. .* First: [a-z]`),
      );
    }
  });

  it('watch no queue of a function that has none', () => {
    expect(alarmsOf({}, false)).toHaveLength(3);
  });
});
