import { expect, it } from 'vitest';
import { gatewayAlarms } from '#core/alarms/gateway-alarms.ts';
import { alarmSettings } from '#test/builders/alarm-settings.ts';

const ids = (costUsdPerDayMax: number | undefined) =>
  gatewayAlarms({ ...alarmSettings, costUsdPerDayMax }).map(({ id }) => id);

it('watch a sum of money only where the configuration says one', () => {
  expect(ids(20)).toEqual([...ids(undefined), 'gateway-cost-day']);
  const day = gatewayAlarms({ ...alarmSettings, costUsdPerDayMax: 20 }).at(-1);
  expect(day).toMatchObject({ threshold: 20, periodSeconds: 86_400, owner: 'finance' });
  expect(day?.meaning).toContain('USD 20 and more');
});
