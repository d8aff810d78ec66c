import { expect, it } from 'vitest';
import { alarmSettingsOf } from '#lib/monitoring/alarm-settings.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

it('are what a configuration promises, and the clocks of what it runs', () => {
  const config = checkedConfig({ ...acme, slo: { availability: 0.99, costUsdPerDayMax: 7 } });
  expect(alarmSettingsOf(config)).toEqual({
    ...{ discoverEverySeconds: 60, controlEverySeconds: 300 },
    ...{ availability: 0.99, firstTokenShare: 0.95, costUsdPerDayMax: 7 },
  });
});
