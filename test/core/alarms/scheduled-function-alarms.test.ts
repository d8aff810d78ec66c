import { expect, it } from 'vitest';
import { scheduledFunctionAlarms } from '#core/alarms/scheduled-function-alarms.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';

const alarms = scheduledFunctionAlarms({ ...alarmSettings, discoverEverySeconds: 61 });

it('are four for each function, of which those of plan page where it fails or is silent', () => {
  expect(alarms).toHaveLength(16);
  expect(alarms.filter(({ severity }) => severity === 'page').map(({ id }) => id)).toEqual([
    'plan-errors',
    'plan-silent',
  ]);
});

it('take a run for a datapoint, in whole minutes', () => {
  const periods = alarms.filter(({ id }) => id.startsWith('discover')).map((each) => each.periodSeconds);
  expect(periods).toEqual([120, 120, 300, 120]);
});
