import { expect, it } from 'vitest';
import { controlAlarms } from '#core/alarms/control-alarms.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';

it('are told by plan at its own pace, and miss what plan publishes in every run', () => {
  const told = controlAlarms({ ...alarmSettings, controlEverySeconds: 120 }).map((alarm) =>
    alarm.kind === 'composite'
      ? `${alarm.id}: ${JSON.stringify(alarm.rule)}`
      : `${alarm.id}: ${alarm.badPeriods}/${alarm.periods} × ${alarm.periodSeconds} s ${alarm.missing.treatedAs}`,
  );
  expect(told).toEqual([
    'routes-stand-still: {"any":["plan-errors","plan-silent","guard-refusals-standing"]}',
    'guard-refusals-standing: 1/1 × 120 s notBreaching',
    'regions-silent: 3/3 × 120 s notBreaching',
    'bad-items: 3/3 × 120 s notBreaching',
    'plan-unmeasured: 3/3 × 120 s breaching',
  ]);
});
