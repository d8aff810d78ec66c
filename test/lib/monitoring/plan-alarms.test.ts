import { describe, expect, it } from 'vitest';
import { PlanAlarms } from '#lib/monitoring/plan-alarms.ts';
import { built } from '#test/lib/built.ts';

describe('PlanAlarms', () => {
  const template = built(
    (stack) => void new PlanAlarms(stack, 'Alarms', { deployment: 'acme', everySeconds: 300 }),
  );
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );

  it('page for what never passes by itself, and leave the rest for the morning', () => {
    const told = alarms.map(
      (alarm) =>
        `${alarm.AlarmName} ${alarm.Namespace} ${alarm.MetricName} ${alarm.EvaluationPeriods} × ${alarm.Period} ${/^Severity: (\w+)/.exec(alarm.AlarmDescription)?.[1]}`,
    );
    expect(told.sort()).toEqual([
      'acme-bad-items Spillway/Availability BadItems 3 × 300 ticket',
      'acme-guard-refusals-standing Spillway/Availability GuardRefusalsStanding 1 × 300 page',
      'acme-regions-silent Spillway/Availability RegionsSilent 3 × 300 ticket',
    ]);
  });

  it('take a metric that is not there for a zero, which is not published', () => {
    for (const alarm of alarms) expect(alarm.TreatMissingData).toBe('notBreaching');
  });
});
