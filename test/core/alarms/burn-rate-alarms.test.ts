import { expect, it } from 'vitest';
import { burnRateAlarms } from '#core/alarms/burn-rate-alarms.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';

it('spends the budgets of the SRE Workbook’s table 5-8 in its windows, and pages but for three days', () => {
  const told = burnRateAlarms(alarmSettings).map(
    ({ id, periodSeconds, threshold, severity }) => `${id} ${periodSeconds} s ${threshold} ${severity}`,
  );
  expect(told).toEqual([
    'gateway-failing-1h 3600 s 0.0144 page',
    'gateway-failing-5m 300 s 0.0144 page',
    'gateway-failing-6h 21600 s 0.006 page',
    'gateway-failing-30m 1800 s 0.006 page',
    'gateway-failing-3d 259200 s 0.001 ticket',
    'gateway-slow-1h 3600 s 0.3 page',
    'gateway-slow-5m 300 s 0.3 page',
    'gateway-slow-3d 259200 s 0.05 ticket',
  ]);
});

it('follows what the configuration promises', () => {
  const [fast] = burnRateAlarms({ ...alarmSettings, availability: 0.99 });
  expect(fast?.threshold).toBe(0.144);
});
