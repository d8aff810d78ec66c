import { describe, expect, it } from 'vitest';
import { PlanAlarms } from '#lib/monitoring/plan-alarms.ts';
import { ScheduledFunctionAlarms } from '#lib/monitoring/scheduled-function-alarms.ts';
import { acme } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';

describe('PlanAlarms', () => {
  const template = built((stack) => {
    const { byId } = new ScheduledFunctionAlarms(stack, 'Function', {
      ...{ config: acme, kind: 'plan', watched: someFunction(stack) },
    });
    new PlanAlarms(stack, 'Alarms', { config: acme, ofFunction: byId });
  });
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties)
    .filter(({ Namespace }) => Namespace === 'Spillway/Availability');

  it('page for what never passes by itself, and leave the rest for the morning', () => {
    const told = alarms.map(
      (alarm) =>
        `${alarm.AlarmName} ${alarm.MetricName} ${alarm.EvaluationPeriods} × ${alarm.Period} ${alarm.TreatMissingData} ${/^Severity: (\w+)/.exec(alarm.AlarmDescription)?.[1]}`,
    );
    expect(told.sort()).toEqual([
      'acme-bad-items BadItems 3 × 300 notBreaching ticket',
      'acme-guard-refusals-standing GuardRefusalsStanding 1 × 300 notBreaching page',
      'acme-plan-unmeasured DiscoveryAge 3 × 300 breaching ticket',
      'acme-regions-silent RegionsSilent 3 × 300 notBreaching ticket',
    ]);
  });

  it('call once for all that keeps routes as they are', () => {
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmName: 'acme-routes-stand-still',
    });
    const [composite] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(JSON.stringify(composite?.Properties.AlarmRule).match(/ALARM\(/g)).toHaveLength(3);
  });
});
